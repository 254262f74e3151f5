import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { EngineError } from "../model/errors.ts";
import type { Json } from "../model/kube-object.ts";
import { type Edit, editJson, valueAt } from "./json-edit.ts";
import { readStream } from "./read-stream.ts";
import { writeInline, writeYaml } from "./write-yaml.ts";

export type { Edit } from "./json-edit.ts";

type Path = readonly (string | number)[];

/**
 * Edits the text of a one-document file: comments, order and formatting of what is not edited stay, and an edit that
 * changes nothing returns the text as it is. Throws `yaml-invalid` where the text cannot be read.
 */
export function editYaml(text: string, edits: readonly Edit[]): string {
  const crlf = /\r\n/.test(text);
  let edited = crlf ? text.replaceAll("\r\n", "\n") : text;
  for (const edit of edits) edited = editOnce(edited, edit);
  return crlf ? edited.replaceAll("\n", "\r\n") : edited;
}

function editOnce(text: string, edit: Edit): string {
  const before = readValue(text);
  const wanted = editJson(before, edit);
  if (isDeepStrictEqual(before, wanted)) return text;
  const spliced = splice(text, before, edit, wanted);
  if (spliced !== undefined && isDeepStrictEqual(tryValue(spliced), wanted)) return spliced;
  return rewrite(text, edit, wanted);
}

function readValue(text: string): Json {
  return readStream(text, { file: "" })[0]?.value ?? null;
}

function tryValue(text: string): Json | undefined {
  try {
    return readValue(text);
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

/** The edit by the YAML library, which reformats what it touches; the whole document anew where even that fails. */
function rewrite(text: string, edit: Edit, wanted: Json): string {
  const document = parseDocument(text, { version: "1.1" });
  if (edit.op === "remove") document.deleteIn(edit.path);
  else document.setIn(edit.path, document.createNode(valueAt(wanted, edit.path)));
  const written = document.toString({ lineWidth: 0 });
  return isDeepStrictEqual(tryValue(written), wanted) ? written : writeYaml(wanted);
}

/** The edit as one splice of the text; undefined where that is not possible. What it returns must still be verified. */
function splice(text: string, before: Json, edit: Edit, wanted: Json): string | undefined {
  const document = parseDocument(text, { version: "1.1", schema: "failsafe", uniqueKeys: false });
  if (edit.op === "remove") return removeText(text, document, edit.path);
  const known = valueAt(before, edit.path);
  if (edit.op === "append" && Array.isArray(known)) return appendText(text, document, edit.path, edit.value);
  if (known !== undefined)
    return replaceText(text, document, edit.path, edit.op === "append" ? [edit.value] : edit.value);
  // The first missing parent is written with all that goes below it.
  const depth = edit.path.findIndex(
    (_, index) => valueAt(before, edit.path.slice(0, index + 1)) === undefined,
  );
  const added = edit.path.slice(0, depth + 1);
  const value = valueAt(wanted, added);
  return value === undefined ? undefined : addText(text, document, added, value);
}

function replaceText(text: string, document: Document, path: Path, value: Json): string | undefined {
  const node = document.getIn(path, true);
  const range = (node as Node | undefined)?.range;
  if (range == null) return undefined;
  const simple = value === null || typeof value !== "object";
  const inline = isScalar(node)
    ? node.type !== "BLOCK_LITERAL" && node.type !== "BLOCK_FOLDED"
    : (node as YAMLMap).flow === true;
  if (inline && (simple || !isScalar(node)))
    return text.slice(0, range[0]) + writeInline(value) + text.slice(range[1]);
  const last = path.at(-1);
  const parent = parentOf(document, path);
  if (typeof last !== "string" || !isMap(parent) || parent.flow === true) return undefined;
  const pair = findPair(parent, last);
  if (pair === undefined) return undefined;
  const start = (pair.key as Node).range?.[0] ?? 0;
  const indent = columnOf(text, start);
  return (
    text.slice(0, start) + renderPair(last, value, indent).trimStart() + text.slice(endOfBlock(text, pair))
  );
}

function addText(text: string, document: Document, path: Path, value: Json): string | undefined {
  const key = path.at(-1);
  const parent = parentOf(document, path);
  if (typeof key === "number")
    return isSeq(parent) ? appendText(text, document, path.slice(0, -1), value) : undefined;
  if (!isMap(parent) || key === undefined) return undefined;
  if (parent.flow === true)
    return addToFlow(text, parent, `${writeInline(key)}: ${writeInline(value)}`, "{", "}");
  const last = parent.items.at(-1);
  if (last === undefined) return undefined;
  const indent = columnOf(text, (last.key as Node).range?.[0] ?? 0);
  return insertAt(text, endOfBlock(text, last), renderPair(key, value, indent));
}

function appendText(text: string, document: Document, path: Path, value: Json): string | undefined {
  const list = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isSeq(list)) return undefined;
  if (list.flow === true) return addToFlow(text, list, writeInline(value), "[", "]");
  const last = list.items.at(-1) as Node | undefined;
  if (last?.range == null) return undefined;
  const dash = text.lastIndexOf("-", last.range[0]);
  const indent = " ".repeat(columnOf(text, dash));
  const like = isMap(last) && last.flow === true;
  const item =
    like || value === null || typeof value !== "object"
      ? `${indent}- ${writeInline(value)}\n`
      : renderItem(value, indent);
  return insertAt(text, endOfNode(text, last), item);
}

function removeText(text: string, document: Document, path: Path): string | undefined {
  const parent = parentOf(document, path);
  const last = path.at(-1);
  if ((!isMap(parent) && !isSeq(parent)) || last === undefined || parent.flow === true) return undefined;
  if (parent.items.length === 1)
    return replaceText(text, document, path.slice(0, -1), isMap(parent) ? {} : []);
  if (isMap(parent)) {
    const pair = findPair(parent, last);
    const start = (pair?.key as Node | undefined)?.range?.[0];
    if (pair === undefined || start === undefined) return undefined;
    return cutLines(text, start, endOfBlock(text, pair));
  }
  const item = typeof last === "number" ? (parent.items[last] as Node | undefined) : undefined;
  if (item?.range == null) return undefined;
  return cutLines(text, text.lastIndexOf("-", item.range[0]), endOfNode(text, item));
}

function cutLines(text: string, start: number, end: number): string | undefined {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  return text.slice(lineStart, start).trim() === "" ? text.slice(0, lineStart) + text.slice(end) : undefined;
}

function addToFlow(
  text: string,
  node: YAMLMap | YAMLSeq,
  added: string,
  open: string,
  close: string,
): string | undefined {
  const range = node.range;
  if (range == null || text[range[1] - 1] !== close) return undefined;
  if (node.items.length === 0) {
    const space = open === "{" ? " " : "";
    return `${text.slice(0, range[0])}${open}${space}${added}${space}${close}${text.slice(range[1])}`;
  }
  const inner = text.slice(0, range[1] - 1);
  const kept = inner.trimEnd();
  const comma = kept.endsWith(",") ? " " : ", ";
  return `${kept}${comma}${added}${inner.slice(kept.length)}${text.slice(range[1] - 1)}`;
}

function insertAt(text: string, offset: number, lines: string): string {
  const before = text.slice(0, offset);
  return `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${lines}${text.slice(offset)}`;
}

function renderPair(key: string, value: Json, indent: number): string {
  return indentLines(writeYaml({ [key]: value }), " ".repeat(indent));
}

function renderItem(value: Json, indent: string): string {
  return indentLines(writeYaml([value]), indent);
}

function indentLines(text: string, indent: string): string {
  return text.replaceAll(/^(?=.)/gm, indent);
}

function parentOf(document: Document, path: Path): unknown {
  return path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true);
}

function findPair(map: YAMLMap, key: string | number): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

function endOfBlock(text: string, pair: Pair): number {
  const value = pair.value as Node | null;
  return value?.range == null ? endOfLine(text, (pair.key as Node).range?.[1] ?? 0) : endOfNode(text, value);
}

/** Behind the line on which a node ends, its trailing comment included. */
function endOfNode(text: string, node: Node): number {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1);
    if (last !== undefined) return endOfBlock(text, last);
  }
  if (isSeq(node) && node.flow !== true) {
    const last = node.items.at(-1) as Node | undefined;
    if (last !== undefined) return endOfNode(text, last);
  }
  return endOfLine(text, node.range?.[1] ?? 0);
}

function endOfLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline + 1;
}
