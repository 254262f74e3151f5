import { EngineError } from "../model/errors.ts";

/** The text of one document of a stream; lines end with `\n`. */
export interface Chunk {
  readonly text: string;
  /** Where it begins in the stream, whose lines end with `\n`. */
  readonly start: number;
  /** Lines of the file before it. */
  readonly linesBefore: number;
}

/**
 * Splits a stream into documents as kubectl does: by lines that begin with `---`, before any YAML is read, so that no
 * quote or block scalar can hide one. Source: YAMLReader of k8s.io/apimachinery/pkg/util/yaml.
 * Throws `yaml-invalid` where anything but a comment follows the `---`.
 */
export function splitDocuments(text: string, file: string): Chunk[] {
  const normal = text.replaceAll("\r\n", "\n");
  const chunks: Chunk[] = [];
  let start = 0;
  let linesBefore = 0;
  let at = normal.startsWith("---") ? 0 : nextSeparator(normal, 0);
  while (at !== -1) {
    chunks.push(chunkOf(normal.slice(start, at), start, linesBefore, file));
    linesBefore += countLines(normal, start, at);
    const newline = normal.indexOf("\n", at);
    const end = newline === -1 ? normal.length : newline;
    refuseContent(normal.slice(at + 3, end), file, linesBefore + 1);
    start = Math.min(end + 1, normal.length);
    linesBefore += 1;
    at = nextSeparator(normal, end);
  }
  // kubectl ends each line, the last one too, which decides what a block scalar at the end of a file holds.
  const ended = normal.endsWith("\n") ? normal : `${normal}\n`;
  chunks.push(chunkOf(ended.slice(start), start, linesBefore, file));
  return chunks;
}

function chunkOf(text: string, start: number, linesBefore: number, file: string): Chunk {
  if (!text.startsWith("\uFEFF")) return { text, start, linesBefore };
  const hint = "remove it: kubectl takes it for a part of the first key";
  throw new EngineError("yaml-invalid", "a byte order mark stands amid the file", {
    file,
    line: linesBefore + 1,
    column: 1,
    hint,
  });
}

function nextSeparator(text: string, from: number): number {
  const found = text.indexOf("\n---", from);
  return found === -1 ? -1 : found + 1;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function refuseContent(after: string, file: string, line: number): void {
  const content = after.trim();
  if (content === "" || content.startsWith("#")) return;
  throw new EngineError("yaml-invalid", `only a comment may follow "---" on its line`, {
    file,
    line,
    column: 4 + after.indexOf(content),
    hint: "begin the document on the next line; kubectl refuses this too",
  });
}
