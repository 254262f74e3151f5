import { isJsonObject, type Json } from "../model/kube-object.ts";
import { literalLines, quote, writeNumber, writeString } from "./write-scalar.ts";

/** How far what is in a mapping is indented, and a list in a mapping: in spaces, from the key. */
export interface Layout {
  readonly step: number;
  readonly listStep: number;
}

const OURS: Layout = { step: 2, listStep: 2 };

/**
 * A value as YAML in block style, two spaces a level where no layout is given, keys in their order. What a reader of YAML 1.1 or 1.2 could take
 * for something else is in quotes; texts of several lines are block scalars. The same value gives the same text.
 */
export function writeYaml(value: Json, layout: Layout = OURS): string {
  const lines = typeof value === "string" ? [writeString(value, "block")] : linesOf(value, layout);
  return `${lines.join("\n")}\n`;
}

/** A value in one line, collections in brackets. */
export function writeInline(value: Json): string {
  if (typeof value === "string") return writeString(value, "flow");
  if (Array.isArray(value)) return `[${value.map((item: Json) => writeInline(item)).join(", ")}]`;
  if (!isJsonObject(value)) return writeSimple(value);
  const pairs = Object.entries(value).map(
    ([key, item]) => `${writeString(key, "flow")}: ${writeInline(item)}`,
  );
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

/** A value in one line as JSON, for text that is JSON. */
export function writeJson(value: Json): string {
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => writeJson(item)).join(", ")}]`;
  if (!isJsonObject(value)) return writeSimple(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${quote(key)}: ${writeJson(item)}`)
    .join(", ")}}`;
}

/** What stands behind `key:`, its space included, and the lines below, indented from the key. */
export function linesBehindKey(value: Json, layout: Layout): string[] {
  if (isBlock(value)) {
    const step = Array.isArray(value) ? layout.listStep : layout.step;
    return ["", ...indented(linesOf(value, layout), step)];
  }
  const [first = "", ...rest] = linesOfLeaf(value);
  return [` ${first}`, ...indented(rest, layout.step)];
}

/** What stands behind `-`, its space included, and the lines below, indented from the dash. */
export function linesBehindDash(value: Json, layout: Layout): string[] {
  const [first = "", ...rest] = isBlock(value) ? linesOf(value, layout) : linesOfLeaf(value);
  return [` ${first}`, ...indented(rest, 2)];
}

function linesOf(value: Json, layout: Layout): string[] {
  if (!isBlock(value)) return linesOfLeaf(value);
  if (!isJsonObject(value))
    return (value as readonly Json[]).flatMap((item) => prefixed("-", linesBehindDash(item, layout)));
  return Object.entries(value).flatMap(([key, item]) =>
    prefixed(`${writeString(key, "block")}:`, linesBehindKey(item, layout)),
  );
}

function prefixed(head: string, [first = "", ...rest]: readonly string[]): string[] {
  return [head + first, ...rest];
}

/** A scalar or an empty collection; further lines are those of a block scalar. */
function linesOfLeaf(value: Json): string[] {
  if (typeof value !== "string") return [writeInline(value)];
  const literal = literalLines(value);
  return literal === undefined ? [writeString(value, "block")] : [literal.head, ...literal.lines];
}

function writeSimple(value: Json): string {
  return typeof value === "number" ? writeNumber(value) : JSON.stringify(value);
}

/** Whether a value is written over several lines because it is a collection with something in it. */
export function isBlock(value: Json): boolean {
  if (value === null || typeof value !== "object") return false;
  return (Array.isArray(value) ? value : Object.keys(value)).length > 0;
}

/** Lines moved to the right; empty ones stay empty. */
export function indented(lines: readonly string[], spaces: number): string[] {
  return lines.map((line) => (line === "" ? "" : " ".repeat(spaces) + line));
}
