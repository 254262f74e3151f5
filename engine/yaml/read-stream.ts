import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Document as YamlDocument,
} from "yaml";
import { EngineError } from "../model/errors.ts";
import type { Json } from "../model/kube-object.ts";
import { documentToJson, NodeProblem } from "./node-to-json.ts";

const MAX_BYTES = 16 * 1024 * 1024;

export interface Position {
  /** Both start at 1. */
  readonly line: number;
  readonly column: number;
}

/** One document of a YAML stream. */
export interface Document {
  readonly value: Json;
  /** Where its content begins. */
  readonly line: number;
  /** Where a field is written; of the nearest parent where the field is not there. */
  readonly position: (path: readonly (string | number)[]) => Position;
}

export interface StreamOptions {
  /** Path for errors. */
  readonly file: string;
}

/**
 * Reads a stream of YAML documents as kubectl does; documents without content are left out.
 * Throws `yaml-encoding`, `yaml-invalid`, `yaml-duplicate-key`, `yaml-number-inexact`, `yaml-too-deep`,
 * `yaml-too-large` with file, line and column.
 */
export function readStream(input: string | Uint8Array, options: StreamOptions): Document[] {
  const text = decode(input, options.file);
  refuseDeepNesting(text, options.file);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    version: "1.1",
    schema: "failsafe",
    lineCounter: lines,
    uniqueKeys: false,
    keepSourceTokens: false,
    merge: false,
    logLevel: "silent",
    prettyErrors: false,
    stringKeys: false,
  });
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((document) => {
    const read = readDocument(document, lines, options.file);
    return read === undefined ? [] : [read];
  });
}

function readDocument(document: YamlDocument, lines: LineCounter, file: string): Document | undefined {
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    throw new EngineError("yaml-invalid", firstLine(error.message), {
      file,
      ...at(error.pos[0]),
      hint: hintFor(error.code),
    });
  }
  const contents = document.contents;
  try {
    const value = documentToJson(document);
    if (value === null) return undefined;
    const position = (path: readonly (string | number)[]) => at(findOffset(contents, path));
    return { value, line: at(contents?.range?.[0] ?? 0).line, position };
  } catch (problem) {
    if (!(problem instanceof NodeProblem)) throw problem;
    const hint =
      problem.code === "yaml-number-inexact"
        ? { hint: "write it in quotes if it is text, or use a smaller number" }
        : {};
    throw new EngineError(problem.code, problem.message, { file, ...at(problem.offset), ...hint });
  }
}

function decode(input: string | Uint8Array, file: string): string {
  if (input.length > MAX_BYTES) {
    throw new EngineError("yaml-too-large", `the file has more than ${MAX_BYTES / 1024 / 1024} MiB`, {
      file,
      hint: "split it into several files",
    });
  }
  if (typeof input === "string") return input.replace(/^\uFEFF/, "");
  if ((input[0] === 0xff && input[1] === 0xfe) || (input[0] === 0xfe && input[1] === 0xff)) {
    throw new EngineError("yaml-encoding", "the file is UTF-16", {
      file,
      line: 1,
      column: 1,
      hint: "save it as UTF-8",
    });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(input);
  } catch (cause) {
    throw new EngineError("yaml-encoding", "the file is not UTF-8", {
      file,
      line: 1,
      column: 1,
      hint: "save it as UTF-8",
      cause,
    });
  }
}

const MAX_BRACKETS = 1000;

/** The parser below recurses: a text that nests without end is refused before it runs out of stack. */
function refuseDeepNesting(text: string, file: string): void {
  const opened = /[[{]{1000,}|(?:- ){1000,}|(?:[[{]\s*){1000,}/.exec(text);
  const indented = /^ {2000,}\S/m.exec(text);
  const found = opened ?? indented;
  if (found === null) return;
  const line = text.slice(0, found.index).split("\n").length;
  throw new EngineError("yaml-too-deep", `more than ${MAX_BRACKETS} levels deep`, { file, line, column: 1 });
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "");
}

function hintFor(code: string): string {
  return code === "TAB_AS_INDENT"
    ? "indent with spaces, not tabs"
    : "check indentation and quotes around this place";
}

function findOffset(root: Node | null, path: readonly (string | number)[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof part === "number") {
      node = node.items[part];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
