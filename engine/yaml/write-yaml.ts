import { isJsonObject, type Json } from "../model/kube-object.ts";
import { literalLines, writeNumber, writeString } from "./write-scalar.ts";

const STEP = "  ";

/**
 * A value as YAML in block style, two spaces a level, keys in their order. What a reader of YAML 1.1 or 1.2 could take
 * for something else is in quotes; texts of several lines are block scalars. The same value gives the same text.
 */
export function writeYaml(value: Json): string {
  const lines = typeof value === "string" ? [writeString(value, "block")] : writeNode(value);
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

/** The lines of a node; the first is what may stand behind a `-`. */
function writeNode(value: Json): string[] {
  if (Array.isArray(value) && value.length > 0) {
    return (value as readonly Json[]).flatMap((item) => {
      const [first = "", ...rest] = isBlock(item) ? writeNode(item) : writeLeaf(item);
      return [`- ${first}`, ...rest.map(indent)];
    });
  }
  if (isJsonObject(value) && isBlock(value)) {
    return Object.entries(value).flatMap(([key, item]) => writePair(writeString(key, "block"), item));
  }
  return writeLeaf(value);
}

function writePair(key: string, value: Json): string[] {
  if (isBlock(value)) return [`${key}:`, ...writeNode(value).map(indent)];
  const [first = "", ...rest] = writeLeaf(value);
  return [`${key}: ${first}`, ...rest.map(indent)];
}

/** A scalar or an empty collection; further lines are those of a block scalar. */
function writeLeaf(value: Json): string[] {
  if (typeof value !== "string")
    return [typeof value === "object" && value !== null ? writeInline(value) : writeSimple(value)];
  const literal = literalLines(value);
  return literal === undefined ? [writeString(value, "block")] : [literal.head, ...literal.lines];
}

function writeSimple(value: null | boolean | number | readonly Json[]): string {
  return typeof value === "number" ? writeNumber(value) : String(value);
}

function isBlock(value: Json): boolean {
  if (value === null || typeof value !== "object") return false;
  return (Array.isArray(value) ? value : Object.keys(value)).length > 0;
}

function indent(line: string): string {
  return line === "" ? "" : STEP + line;
}
