import type { Json } from "../model/kube-object.ts";
import type { Entry, Outline } from "./outline.ts";
import type { Slot } from "./replace-node.ts";
import { applySplices, type Splice } from "./splices.ts";
import { columnOf, endOfEntry, endOfLine, leadOf } from "./text-lines.ts";
import { type Style, writeLike } from "./write-like.ts";
import { quote, writeString } from "./write-scalar.ts";
import {
  indented,
  isBlock,
  type Layout,
  linesBehindDash,
  linesBehindKey,
  writeInline,
} from "./write-yaml.ts";

/** A text, and how it is indented. */
interface Source {
  readonly text: string;
  readonly layout: Layout;
}

/** How the values in a collection are written: a flow mapping with quoted keys is JSON, and all that is in it. */
export function styleInside(text: string, { node, style }: Slot): Style {
  const [first] = node.entries;
  if (!node.flow || style === "json") return style;
  if (node.kind === "map" && first !== undefined && text[first.start] === '"') return "json";
  return "flow";
}

/** A new field, as its siblings are written. */
export function pairText(source: Source, slot: Slot, key: string, value: Json): string {
  const { node } = slot;
  if (node.flow) {
    const json = styleInside(source.text, slot) === "json";
    return json
      ? `${quote(key)}: ${writeLike("", node, value, "json")}`
      : `${writeString(key, "flow")}: ${writeInline(value)}`;
  }
  const [first = "", ...rest] = linesBehindKey(value, source.layout);
  const lines = [
    `${writeString(key, "block")}:${first}`,
    ...indented(rest, indentationOf(source.text, node)),
  ];
  return lines.join("\n");
}

/** A new item, as its neighbour is written: in brackets, or in quotes. */
export function itemText(source: Source, slot: Slot, value: Json, neighbour: Entry | undefined): string {
  const { node } = slot;
  const { text, layout } = source;
  const like = neighbour?.value ?? node;
  if (node.flow) return writeLike(text, like, value, styleInside(text, slot));
  if ((like.flow && isBlock(value)) || (like.kind === "scalar" && like.style !== "block" && isWord(value)))
    return `- ${writeLike(text, like, value, "block")}`;
  const [first = "", ...rest] = linesBehindDash(value, layout);
  return [`-${first}`, ...indented(rest, indentationOf(text, node))].join("\n");
}

function isWord(value: Json): boolean {
  return typeof value === "string" && !value.includes("\n");
}

function indentationOf(text: string, { entries: [first] }: Outline): number {
  return first === undefined ? 0 : columnOf(text, first.start);
}

/** The text of an item that moves, with its comments and what is edited in it. */
export function movedText(
  { text }: Source,
  { node, entry: holder }: Slot,
  index: number,
  inside: readonly Splice[],
): string | undefined {
  const entry = node.entries[index];
  if (entry === undefined) return undefined;
  const above = node.entries[index - 1];
  const floor = above === undefined ? floorOf(text, node, holder) : endOfEntry(text, above);
  const start = node.flow ? entry.start : leadOf(text, entry, floor);
  const end = node.flow ? Math.max(entry.content, entry.value.end) : endOfEntry(text, entry);
  const local = inside.map((splice) => ({ ...splice, start: splice.start - start, end: splice.end - start }));
  return applySplices(text.slice(start, end), local)?.trim();
}
/** Where the comments inside a block begin; what stands above the first field of a document is about all of it. */
export function floorOf(text: string, node: Outline, entry: Entry | undefined): number {
  return entry === undefined ? node.start : endOfLine(text, entry.content);
}
