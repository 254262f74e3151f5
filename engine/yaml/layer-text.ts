import { EngineError } from "../model/errors.ts";
import { type Piece, normalText, piecesOf } from "./stream-pieces.ts";

/** A file of a layer. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A piece of an edited layer text, and the file in whose part it stands. */
export interface Placed extends Piece {
  readonly standsIn: string;
}

/**
 * The files of a layer as one stream for an editor: before the first document of each file stands a comment with its
 * path, as `# file: web.yaml`. Line ends are `\n`, without byte order mark. `splitFiles` is the way back.
 */
export function joinFiles(files: readonly TextFile[]): string {
  const mark = markOf(files);
  const parts = files.map(({ path, text }, index) => {
    const normal = normalText(text);
    const opening = openingOf(normal);
    const separator = opening === "" && index > 0 ? "---\n" : opening;
    return `${separator}${mark}${path}\n${normal.slice(opening.length)}`;
  });
  return parts.join("");
}

/** The line that begins the first document of a file, where there is one. */
export function openingOf(normal: string): string {
  return /^---.*\n/.exec(normal)?.[0] ?? "";
}

/** What begins the comment with a file's path: no line of the files themselves begins so. */
export function markOf(files: readonly TextFile[]): string {
  let mark = "# file: ";
  while (files.some(({ text }) => `\n${normalText(text)}`.includes(`\n${mark}`))) mark = `#${mark}`;
  return mark;
}

/**
 * The pieces of a layer text that a user has edited. What stands before the first comment with a path belongs to the
 * first file. Throws what `readStream` throws, with all faults as problems; lines are those of the text.
 */
export function placePieces(files: readonly TextFile[], edited: string): Placed[] {
  const mark = markOf(files);
  const paths = new Set(files.map(({ path }) => path));
  let standsIn = files[0]?.path ?? "";
  const placed: Placed[] = [];
  for (const piece of readPieces(edited)) {
    const [line = "", path] = new RegExp(`^\\s*${mark}(.*)\n`).exec(piece.text) ?? [];
    const marked = path !== undefined && paths.has(path.trimEnd());
    if (marked) standsIn = path.trimEnd();
    const text = marked ? piece.text.slice(line.length) : piece.text;
    if (marked || placed.length > 0 || text.trim() !== "") placed.push({ ...piece, text, standsIn });
  }
  return placed;
}

function readPieces(edited: string): Piece[] {
  const pieces = withoutFile(() => piecesOf(normalText(edited)));
  const faults = pieces.flatMap(({ fault }) => fault ?? []).map(inText);
  const [first] = faults;
  if (first === undefined) return pieces;
  const { message, hint, place } = first;
  throw new EngineError(first.code, message, {
    ...place,
    ...(hint === undefined ? {} : { hint }),
    problems: faults.map((fault) => fault.toProblem()),
  });
}

function withoutFile<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof EngineError ? inText(error) : error;
  }
}

/** The same fault with a line of the text alone, which is no file. */
function inText({ code, message, place, hint }: EngineError): EngineError {
  const { file: _file, ...position } = place;
  return new EngineError(code, message, { ...position, ...(hint === undefined ? {} : { hint }) });
}
