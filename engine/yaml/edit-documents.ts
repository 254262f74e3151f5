import { EngineError } from "../model/errors.ts";
import type { Json } from "../model/kube-object.ts";
import { decodeText } from "./decode-text.ts";
import { editChunk } from "./edit-chunk.ts";
import { lineEndOf, spliceLines, withoutLineEnds } from "./line-ends.ts";
import { type Document, readChunk, readStream, type StreamOptions } from "./read-stream.ts";
import { endOfHead } from "./replace-node.ts";
import type { Splice } from "./splices.ts";
import { type Chunk, splitDocuments } from "./split-documents.ts";
import { startOfLine } from "./text-lines.ts";
import { ValueIds } from "./value-ids.ts";
import { writeYaml } from "./write-yaml.ts";

/**
 * Edits a stream of documents so that it reads as `wanted`, one value for each document as `readStream` counts them:
 * undefined (or null) removes a document, values behind the last one come as new documents. Only what differs changes
 * its text: comments, order, quotes, brackets, numbers as written and line ends of all else stay, and a document that
 * does not change keeps its bytes. Throws what `readStream` throws where the text, or what it would become, cannot be
 * read.
 */
export function editDocuments(
  text: string,
  wanted: readonly (Json | undefined)[],
  options: StreamOptions = { file: "" },
): string {
  const plain = decodeText(text, options.file).replaceAll("\r\n", "\n");
  const unended = plain !== "" && !plain.endsWith("\n");
  const ended = unended ? `${plain}\n` : plain;
  const chunks = splitDocuments(ended, options.file);
  const ids = new ValueIds();
  const splices: Splice[] = [];
  let index = 0;
  let lastGoes = false;
  let goneTo = 0;
  for (const [place, chunk] of chunks.entries()) {
    const document = documentOf(chunk, options);
    if (document === undefined) continue;
    const value = wanted[index++] ?? null;
    lastGoes = value === null;
    if (value === null) {
      const removal = removeDocument(ended, chunks, place, goneTo);
      if (removal.start === goneTo) goneTo = removal.end;
      splices.push(removal);
    } else if (!ids.same(document.value, value))
      splices.push(...placed(editChunk(chunk, document.value, value, ids), chunk.start));
  }
  const added = wanted.slice(index).filter((value) => value != null);
  if (splices.length === 0 && added.length === 0) return text;

  const lineEnd = lineEndOf(text);
  const edited = spliceLines(unended ? text + lineEnd : text, splices);
  const result = edited === undefined ? undefined : appendDocuments(edited, added);
  const cut = unended && (!lastGoes || added.length > 0) ? (result?.replace(/\r?\n$/, "") ?? "") : result;
  return verified(cut, wanted, ids);
}

function documentOf(chunk: Chunk, { file }: StreamOptions): Document | undefined {
  const document = readChunk(chunk, file);
  if (document instanceof EngineError) throw document;
  return document;
}

function placed(splices: readonly Splice[], by: number): Splice[] {
  return splices.map((splice) => ({ ...splice, start: splice.start + by, end: splice.end + by }));
}

/**
 * A document goes with the line that begins it; comments above the first one of a file that stand apart stay. Where
 * nothing before it stays, the next document begins the file, as the first did: with a line of its own or without.
 * `goneTo` is how far all is gone from the begin of the text.
 */
function removeDocument(text: string, chunks: readonly Chunk[], place: number, goneTo: number): Splice {
  const chunk = chunks[place] ?? { text, start: 0, linesBefore: 0 };
  const next = chunks[place + 1];
  const begin = place === 0 ? endOfPreface(chunk.text) : separatorOf(text, chunk);
  const start = Math.max(begin, goneTo);
  const end = next === undefined ? text.length : separatorOf(text, next);
  const opens = start === goneTo && !text.startsWith("---") && next !== undefined;
  const bare = opens && text.slice(end, next.start).trim() === "---";
  return { start, end: bare ? next.start : end, text: "" };
}

/** Behind the last empty line among the comments above the content. */
function endOfPreface(text: string): number {
  const preface = /^(?:.*\n)*[ \t]*\n/.exec(text.slice(0, endOfHead(text)))?.[0] ?? "";
  return preface.includes("#") ? preface.length : 0;
}

/** Where the line begins that begins a document. */
function separatorOf(text: string, chunk: Chunk): number {
  return startOfLine(text, chunk.start - 1);
}

function appendDocuments(text: string, values: readonly Json[]): string {
  if (values.length === 0) return text;
  const lineEnd = lineEndOf(text);
  const last = splitDocuments(withoutLineEnds(text), "").at(-1)?.text ?? "";
  const separator = endOfHead(last) === last.length ? "" : "---\n";
  const open = text === "" || text.endsWith("\n") ? "" : "\n";
  const added = values.map((value) => writeYaml(value)).join("---\n");
  return text + (open + separator + added).replaceAll("\n", lineEnd);
}

/** The text, if it reads as wanted: what cannot be written, as half a surrogate pair, ends here. */
function verified(text: string | undefined, wanted: readonly (Json | undefined)[], ids: ValueIds): string {
  const values = wanted.filter((value) => value != null);
  const read = text === undefined ? [] : readStream(text, { file: "" });
  if (
    text !== undefined &&
    read.length === values.length &&
    read.every(({ value }, index) => ids.same(value, values[index]))
  )
    return text;
  throw new EngineError("internal", "the edited text does not read as intended; nothing was changed");
}
