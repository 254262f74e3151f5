import { EngineError } from "../model/errors.ts";
import type { Json } from "../model/kube-object.ts";
import { buildValue } from "./build-value.ts";
import { decodeText } from "./decode-text.ts";
import { findOffset, indexOffsets } from "./offset-tree.ts";
import { refuseLineSeparators } from "./line-separators.ts";
import { LineIndex, type Position } from "./line-index.ts";
import { givenOffset, parseDocument } from "./parse-events.ts";
import { type Chunk, splitDocuments } from "./split-documents.ts";
import { YamlFault } from "./yaml-fault.ts";

type Path = readonly (string | number)[];

/** One document of a YAML stream. */
export interface Document {
  readonly value: Json;
  /** Where its content begins. */
  readonly line: number;
  /** Where a field is written; of the nearest parent where the field is not there. Found on demand. */
  readonly position: (path: Path) => Position;
}

export interface StreamOptions {
  /** Path for errors. */
  readonly file: string;
}

/**
 * Reads a stream of YAML (or JSON) documents as kubectl does; documents without content are left out.
 * Stricter than kubectl where it guesses or loses something: duplicate keys, integers beyond 2^53, content after `...`.
 * Throws `lfs-pointer`, `yaml-encoding`, `yaml-too-large`, `yaml-invalid`, `yaml-duplicate-key`, `yaml-number-inexact`,
 * `yaml-too-deep`, `yaml-excessive-aliases`, each with file, line and column.
 */
export function readStream(input: string | Uint8Array, options: StreamOptions): Document[] {
  const documents: Document[] = [];
  for (const document of readEach(input, options)) {
    if (document instanceof EngineError) throw document;
    documents.push(document);
  }
  return documents;
}

/** The same, one by one: a document that cannot be read is an error in its place, and those behind it come too. */
export function* readEach(
  input: string | Uint8Array,
  { file }: StreamOptions,
): Generator<Document | EngineError> {
  let chunks: readonly Chunk[];
  try {
    chunks = splitDocuments(decodeText(input, file), file);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    yield error;
    return;
  }
  for (const chunk of chunks) {
    const document = readChunk(chunk, file);
    if (document !== undefined) yield document;
  }
}

/** The document of a chunk, or why it cannot be read; undefined where it has no content. */
export function readChunk(chunk: Chunk, file: string): Document | EngineError | undefined {
  let pads: readonly number[] = [];
  try {
    const parsed = parseDocument(chunk.text);
    pads = parsed.pads;
    refuseLineSeparators(parsed);
    const read = buildValue(parsed);
    if (read === undefined || read.value === null) return undefined;
    const start = placeIn(chunk, new LineIndex(chunk.text), givenOffset(pads, read.offset));
    return { value: read.value, line: start.line, position: positionFinder(chunk, start) };
  } catch (fault) {
    if (!(fault instanceof YamlFault)) throw fault;
    const hint = fault.hint === undefined ? {} : { hint: fault.hint };
    const place = placeIn(chunk, new LineIndex(chunk.text), givenOffset(pads, fault.offset));
    return new EngineError(fault.code, fault.message, { file, ...place, ...hint });
  }
}

/** Finds positions by parsing once more at the first question: most documents are never asked. */
function positionFinder(chunk: Chunk, start: Position): (path: Path) => Position {
  let find: ((path: Path) => Position) | undefined;
  return (path) => {
    if (path.length === 0) return start;
    if (find === undefined) {
      const parsed = parseDocument(chunk.text);
      const tree = indexOffsets(parsed);
      const lines = new LineIndex(chunk.text);
      find = (to) => placeIn(chunk, lines, givenOffset(parsed.pads, findOffset(tree, to)));
    }
    return find(path);
  };
}

function placeIn(chunk: Chunk, lines: LineIndex, offset: number): Position {
  const { line, column } = lines.positionAt(offset);
  return { line: chunk.linesBefore + line, column };
}
