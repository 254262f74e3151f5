import { EngineError } from "../model/errors.ts";
import { describeId, type ObjectId, objectKey } from "../model/kube-object.ts";
import { openingOf, type Placed, placePieces, type TextFile } from "./layer-text.ts";
import { lineEndOf, spliceLines } from "./line-ends.ts";
import { type Original, originalsOf, pairPieces } from "./pair-pieces.ts";
import { endOfHead } from "./replace-node.ts";
import { normalText } from "./stream-pieces.ts";

/** A document that stood in the part of another file than its own, and went back to its own. */
export interface MovedDocument {
  /** As people name it: `Service hello/web`; `document` where it holds no object. */
  readonly object: string;
  readonly stoodIn: string;
  readonly file: string;
  /** Of the edited text. */
  readonly line: number;
}

export interface SplitFiles {
  /** All files that were given, in their order; one without any document left is empty. */
  readonly files: readonly TextFile[];
  readonly moved: readonly MovedDocument[];
}

/**
 * Takes an edited layer text (see `joinFiles`) apart into its files. A document goes back to its file by the identity of
 * its object, a new one to the file in whose part it stands. What was not edited keeps its bytes; what was keeps the
 * line ends of its file. Throws what `readStream` throws, and `layer-object-twice`, with the line in the edited text.
 */
export function splitFiles(files: readonly TextFile[], edited: string): SplitFiles {
  const originals = files.flatMap(originalsOf);
  const pieces = placePieces(files, edited);
  refuseTwins(originals, pieces);
  const pairs = pairPieces(originals, pieces);
  const moved = pieces.flatMap((piece): MovedDocument[] => {
    const file = pairs.get(piece)?.file ?? piece.standsIn;
    if (file === piece.standsIn || isComment(piece.text)) return [];
    const [id] = piece.objects;
    const object = id === undefined ? "document" : describeId(id);
    return [{ object, stoodIn: piece.standsIn, file, line: piece.line }];
  });
  return { files: files.map((file) => rebuild(file, { originals, pieces, pairs })), moved };
}

function isComment(text: string): boolean {
  return endOfHead(text) === text.length;
}

/** Refuses an object that an edit made a second time; later, it could only be told where the files have it. */
function refuseTwins(originals: readonly Original[], pieces: readonly Placed[]): void {
  const allowed = new Map<string, number>();
  for (const { objects } of originals)
    for (const key of objects.map(objectKey)) allowed.set(key, (allowed.get(key) ?? 0) + 1);
  const seen = new Map<string, number>();
  const problems = pieces.flatMap(({ objects, line }) =>
    objects.filter((id) => isTwin(id, seen, allowed)).map((id) => twin(id, line)),
  );
  const [first] = problems;
  if (first === undefined) return;
  const { code, message, place, hint = "" } = first;
  throw new EngineError(code, message, {
    ...place,
    hint,
    problems: problems.map((each) => each.toProblem()),
  });
}

function isTwin(id: ObjectId, seen: Map<string, number>, allowed: ReadonlyMap<string, number>): boolean {
  const count = (seen.get(objectKey(id)) ?? 0) + 1;
  seen.set(objectKey(id), count);
  return count > Math.max(allowed.get(objectKey(id)) ?? 0, 1);
}

function twin(id: ObjectId, line: number): EngineError {
  const hint = "remove one of them, or give it another name";
  return new EngineError("layer-object-twice", `the object ${describeId(id)} is there twice`, { line, hint });
}

interface Split {
  readonly originals: readonly Original[];
  readonly pieces: readonly Placed[];
  readonly pairs: ReadonlyMap<Placed, Original>;
}

function rebuild({ path, text }: TextFile, split: Split): TextFile {
  const pieces = orderOf(path, split);
  const lineEnd = lineEndOf(text);
  const opening = openingOf(normalText(text));
  const parts = pieces.map((piece, index) => {
    const separator = separatorOf(piece, index, opening);
    const part = textOf(piece, separator, split.pairs.get(piece), lineEnd);
    return index === pieces.length - 1 || part.endsWith("\n") || part === "" ? part : part + lineEnd;
  });
  const last = pieces.at(-1);
  const lastOriginal = split.originals.findLast(({ file }) => file === path);
  const pair = last === undefined ? undefined : split.pairs.get(last);
  const unended = !text.endsWith("\n") && (pair === undefined || pair === lastOriginal);
  const mark = text.startsWith("\uFEFF") && pieces.length > 0 ? "\uFEFF" : "";
  const joined = mark + parts.join("");
  return { path, text: unended ? joined.replace(/\r?\n$/, "") : joined };
}

/**
 * What goes into a file: what stands in its part, in that order, and what comes back to it behind what it followed.
 * Nothing is left of a document that was cut but its separator: that goes too.
 */
function orderOf(path: string, { pieces, pairs }: Split): Placed[] {
  const left = pieces.filter((piece) => piece.text.trim() !== "" || pairs.has(piece));
  const mine = left.filter((piece) => (pairs.get(piece)?.file ?? piece.standsIn) === path);
  const order = mine.filter((piece) => piece.standsIn === path);
  for (const piece of mine) {
    if (piece.standsIn === path) continue;
    const index = pairs.get(piece)?.index ?? 0;
    const before = order.findLastIndex((other) => (pairs.get(other)?.index ?? index) < index);
    order.splice(before + 1, 0, piece);
  }
  return order;
}

/** A file begins with a separator if it did, or to keep a comment on that line. */
function separatorOf({ separator }: Placed, index: number, opening: string): string {
  if (index > 0) return separator === "" ? "---\n" : separator;
  if (separator.includes("#")) return separator;
  return opening === "" || separator === "" ? opening : separator;
}

function textOf(piece: Placed, separator: string, original: Original | undefined, lineEnd: string): string {
  const text = separator + piece.text;
  if (original === undefined) return text.replaceAll("\n", lineEnd);
  const before = original.separator + original.text;
  const ended = original.raw === "" || original.raw.endsWith("\n") ? original.raw : original.raw + lineEnd;
  return spliceLines(ended, [{ start: 0, end: before.length, text }]) ?? text;
}
