import { EngineError } from "../model/errors.ts";
import { isJsonObject, type Json, type KubeObject, type ObjectId, objectIdOf } from "../model/kube-object.ts";
import { withoutLineEnds } from "./line-ends.ts";
import { readChunk } from "./read-stream.ts";
import { splitDocuments } from "./split-documents.ts";
import { startOfLine } from "./text-lines.ts";

/** A document of a stream with its comments, or comments alone between two separators. */
export interface Piece {
  /** The line that begins it; empty for the first of a stream without one. */
  readonly separator: string;
  /** Ends with a line end, unless it is empty. */
  readonly text: string;
  /** Where its content begins in the stream. */
  readonly line: number;
  /** The objects in it, if it holds any: a list holds several. */
  readonly objects: readonly ObjectId[];
  /** Why it cannot be read. */
  readonly fault: EngineError | undefined;
}

/** A text with `\n` as line ends, the last line too. */
export function normalText(text: string): string {
  const plain = withoutLineEnds(text);
  return plain === "" || plain.endsWith("\n") ? plain : `${plain}\n`;
}

/** The pieces of a {@link normalText}. Throws `yaml-invalid` where it cannot be taken apart. */
export function piecesOf(text: string): Piece[] {
  if (text === "") return [{ separator: "", text, line: 1, objects: [], fault: undefined }];
  const pieces = splitDocuments(text, "").map((chunk, index): Piece => {
    const separator = index === 0 ? "" : text.slice(startOfLine(text, chunk.start - 1), chunk.start);
    const read = readChunk(chunk, "");
    const fault = read instanceof EngineError ? read : undefined;
    const document = read instanceof EngineError ? undefined : read;
    const line = document?.line ?? chunk.linesBefore + 1;
    return { separator, text: chunk.text, line, objects: objectsOf(document?.value ?? null), fault };
  });
  const [first, ...rest] = pieces;
  return first?.text === "" && rest.length > 0 ? rest : pieces;
}

function objectsOf(value: Json): ObjectId[] {
  if (!isJsonObject(value)) return [];
  const { apiVersion, kind, metadata, items } = value;
  if (Array.isArray(items)) return (items as readonly Json[]).flatMap(objectsOf);
  const named = isJsonObject(metadata) && typeof metadata.name === "string";
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !named) return [];
  return [objectIdOf(value as KubeObject)];
}
