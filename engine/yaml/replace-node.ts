import type { Json } from "../model/kube-object.ts";
import type { Entry, Outline } from "./outline.ts";
import type { Splice } from "./splices.ts";
import { columnOf, endOfEntry, endOfLine } from "./text-lines.ts";
import { blockLike, type Style, writeLike } from "./write-like.ts";
import { indented, isBlock, type Layout, linesBehindDash, linesBehindKey, writeYaml } from "./write-yaml.ts";

/** A node and its surroundings. */
export interface Slot {
  readonly node: Outline;
  /** Whose value it is; undefined for the whole document. */
  readonly entry: Entry | undefined;
  readonly owner: "map" | "list";
  /** How what stands beside it is written. */
  readonly style: Style;
}

/** Splices that write another value in the place of a node. Its anchor and the comments around it stay. */
export function replaceNode(text: string, slot: Slot, value: Json, layout: Layout): Splice[] {
  const { node, entry, style } = slot;
  const inline = (node.kind === "scalar" && node.style !== "block") || node.flow;
  const asLines =
    style === "block" && !node.flow && (isBlock(value) || linesBehindKey(value, layout).length > 1);
  if (inline && !asLines) return [replaceInline(text, node, value, style)];
  if (entry === undefined) return [replaceRoot(text, node, value, layout)];
  if (style !== "block") return [replaceInline(text, node, value, style)];
  return replaceLines(text, { ...slot, entry }, value, layout);
}

function replaceInline(text: string, node: Outline, value: Json, style: Style): Splice {
  const written = writeLike(text, node, value, style);
  const tagged = text.slice(node.start, node.body).includes("!");
  const start = tagged ? node.start : node.body;
  const anchor = tagged && node.anchor !== undefined ? `&${node.anchor} ` : "";
  const space = start === node.end && /[:-]/.test(text.charAt(start - 1)) ? " " : "";
  return { start, end: node.end, text: space + anchor + written };
}

function replaceRoot(text: string, node: Outline, value: Json, layout: Layout): Splice {
  return { start: endOfHead(text), end: endOfLine(text, node.end), text: writeYaml(value, layout) };
}

/** Behind the comments and empty lines before the content. */
export function endOfHead(text: string): number {
  return /^(?:[ \t]*(?:#.*)?\n)*/.exec(text)?.[0].length ?? 0;
}

function replaceLines(
  text: string,
  { node, entry, owner }: Slot & { readonly entry: Entry },
  value: Json,
  layout: Layout,
): Splice[] {
  const block =
    node.style === "block" && typeof value === "string" ? blockLike(text, node, value) : undefined;
  const [first = "", ...rest] =
    owner === "list" ? linesBehindDash(value, layout) : linesBehindKey(value, layout);
  const lines = block?.lines ?? indented(rest, columnOf(text, entry.start));
  const anchor = node.anchor === undefined ? "" : ` &${node.anchor}`;
  const head = block === undefined ? first : ` ${block.indicators}`;
  const { headEnd, from, to } = extentOf(text, node, entry);
  return [
    { start: entry.content, end: headEnd, text: anchor + head },
    { start: from, end: to, text: lines.map((line) => `${line}\n`).join("") },
  ];
}

/** What a node takes of the line of its key or dash, a comment at its end aside, and its lines below. */
function extentOf(text: string, node: Outline, entry: Entry): { headEnd: number; from: number; to: number } {
  if (node.kind === "scalar" && node.style === "block") {
    const indicators = /^[|>][-+0-9]*/.exec(text.slice(node.body, node.body + 4))?.[0] ?? "";
    return {
      headEnd: node.body + indicators.length,
      from: endOfLine(text, node.body),
      to: endOfLine(text, node.end),
    };
  }
  if (node.kind === "scalar" || node.flow) {
    const headEnd = Math.max(entry.content, node.end);
    const below = endOfLine(text, headEnd);
    return { headEnd, from: below, to: below };
  }
  const from = endOfLine(text, entry.content);
  const to = endOfEntry(text, entry);
  if (node.body < from) return { headEnd: from - 1, from, to };
  const properties = /^[ \t]*(?:[&!][^\s]*[ \t]*)*/.exec(text.slice(entry.content, from))?.[0] ?? "";
  return { headEnd: entry.content + properties.trimEnd().length, from, to };
}
