import type { Json } from "../model/kube-object.ts";
import type { Step } from "./edit-steps.ts";
import { type Entry, entryAt, nodeAt, type Outline } from "./outline.ts";
import { quote, writeString } from "./write-scalar.ts";
import { isBlock, linesBehindDash, linesBehindKey, writeInline } from "./write-yaml.ts";

/** A text and the outline of what is in it. */
interface Source {
  readonly text: string;
  readonly root: Outline;
}

/**
 * A step as one splice of the text; undefined where that is not possible. What comes out must still be read and
 * compared: anchors, merges and comments can make it wrong.
 */
export function spliceStep(text: string, root: Outline, step: Step): string | undefined {
  const last = step.path.at(-1);
  const owner = nodeAt(root, step.path.slice(0, -1));
  if (last === undefined || owner === undefined || owner.kind === "scalar") return undefined;
  const source = { text, root };
  if (step.op === "insert") {
    if (owner.flow) return insertInFlow(source, owner, last, step.value);
    return insertInBlock(source, owner, last, step.value);
  }
  const entry = entryAt(owner, last);
  if (entry === undefined) return undefined;
  if (step.op === "replace") return replaceValue(source, owner, entry, step.value);
  return owner.flow ? removeFromFlow(source, owner, entry) : removeFromBlock(source, owner, entry, step.path);
}

function replaceValue({ text, root }: Source, owner: Outline, entry: Entry, value: Json): string | undefined {
  const old = entry.value;
  const inFlow = isInFlow(root, entry.start);
  const asBlock = !inFlow && !old.flow && (isBlock(value) || linesBehindKey(value).length > 1);
  if ((old.kind === "scalar" && old.style !== "block" && !asBlock) || (old.kind !== "scalar" && old.flow)) {
    const space = /[:-]/.test(text.charAt(old.start - 1)) ? " " : "";
    return text.slice(0, old.start) + space + writeLike(old, value, inFlow) + text.slice(old.end);
  }
  if (inFlow) return undefined;
  const [first = "", ...rest] = owner.kind === "list" ? linesBehindDash(value) : linesBehindKey(value);
  const lines = [first, ...indented(rest, columnOf(text, entry.start))].join("\n");
  const end = endOfLine(text, Math.max(entry.content, old.end));
  return `${text.slice(0, entry.content)}${lines}\n${text.slice(end)}`;
}

/** A value in one line; text keeps the quotes that it had. */
function writeLike(old: Outline, value: Json, inFlow: boolean): string {
  if (typeof value !== "string") return writeInline(value);
  if (old.style === "double") return quote(value);
  const plain = writeString(value, inFlow ? "flow" : "block");
  if (old.style !== "single" || (plain !== value && /[^\x20-\x7e]/.test(value))) return plain;
  return `'${value.replaceAll("'", "''")}'`;
}

function insertInFlow(
  { text }: Source,
  owner: Outline,
  key: string | number,
  value: Json,
): string | undefined {
  const added =
    typeof key === "number" ? writeInline(value) : `${writeString(key, "flow")}: ${writeInline(value)}`;
  const next = typeof key === "number" ? owner.entries[key] : undefined;
  if (next !== undefined) return `${text.slice(0, next.start)}${added}, ${text.slice(next.start)}`;
  const close = owner.end - 1;
  const inside = text.slice(0, close);
  if (owner.entries.length === 0) {
    const space = owner.kind === "map" ? " " : "";
    return `${inside.trimEnd()}${space}${added}${space}${text.slice(close)}`;
  }
  const kept = inside.trimEnd();
  return `${kept}${kept.endsWith(",") ? " " : ", "}${added}${inside.slice(kept.length)}${text.slice(close)}`;
}

function insertInBlock(
  { text }: Source,
  owner: Outline,
  key: string | number,
  value: Json,
): string | undefined {
  const [first] = owner.entries;
  const before = typeof key === "number" ? owner.entries[key - 1] : owner.entries.at(-1);
  if (first === undefined) return undefined;
  const [head = "", ...rest] =
    typeof key === "number" ? itemLines(before ?? first, value) : linesBehindKey(value);
  const mark = typeof key === "number" ? "-" : `${writeString(key, "block")}:`;
  const lines = indented([mark + head, ...rest], columnOf(text, first.start)).join("\n");
  if (before !== undefined)
    return insertLines(text, endOfLine(text, Math.max(before.content, before.value.end)), lines);
  const lineStart = startOfLine(text, first.start);
  return text.slice(lineStart, first.start).trim() === "" ? insertLines(text, lineStart, lines) : undefined;
}

/** A new item looks like its neighbour: in braces where that is. */
function itemLines(neighbour: Entry, value: Json): string[] {
  return neighbour.value.flow && isBlock(value) ? [` ${writeInline(value)}`] : linesBehindDash(value);
}

function insertLines(text: string, offset: number, lines: string): string {
  const before = text.slice(0, offset);
  return `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${lines}\n${text.slice(offset)}`;
}

function removeFromFlow({ text }: Source, owner: Outline, entry: Entry): string | undefined {
  const index = owner.entries.indexOf(entry);
  const next = owner.entries[index + 1];
  if (next !== undefined) return text.slice(0, entry.start) + text.slice(next.start);
  const previous = owner.entries[index - 1];
  const end = Math.max(entry.content, entry.value.end);
  if (previous !== undefined)
    return text.slice(0, Math.max(previous.content, previous.value.end)) + text.slice(end);
  return text.slice(0, owner.start) + (owner.kind === "map" ? "{}" : "[]") + text.slice(owner.end);
}

function removeFromBlock(
  source: Source,
  owner: Outline,
  entry: Entry,
  path: Step["path"],
): string | undefined {
  const { text, root } = source;
  if (owner.entries.length === 1) {
    const parent = nodeAt(root, path.slice(0, -2));
    const name = path.at(-2);
    const holder = parent === undefined || name === undefined ? undefined : entryAt(parent, name);
    if (parent === undefined || holder === undefined) return undefined;
    return replaceValue(source, parent, holder, owner.kind === "map" ? {} : []);
  }
  const end = endOfLine(text, Math.max(entry.content, entry.value.end));
  const lineStart = startOfLine(text, entry.start);
  if (text.slice(lineStart, entry.start).trim() === "") return text.slice(0, lineStart) + text.slice(end);
  // The first field of a list item stands behind its dash: the next one takes its place.
  const next = owner.entries[owner.entries.indexOf(entry) + 1];
  return next === undefined ? undefined : text.slice(0, entry.start) + text.slice(next.start);
}

function isInFlow(root: Outline, offset: number): boolean {
  if (root.flow && root.start < offset && offset < root.end) return true;
  return root.entries.some(
    ({ value }) => value.start <= offset && offset <= value.end && isInFlow(value, offset),
  );
}

function indented(lines: readonly string[], column: number): string[] {
  return lines.map((line) => (line === "" ? "" : " ".repeat(column) + line));
}

function startOfLine(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

function columnOf(text: string, offset: number): number {
  return offset - startOfLine(text, offset);
}

/** Behind the line on which something ends, a comment behind it included. */
function endOfLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline + 1;
}
