import {
  type CST,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Path } from "./json-edit.ts";
import { resolvePlain } from "./resolve-scalar.ts";

/** Where a node stands in a text, with all that is in it. */
export interface Outline {
  readonly kind: "scalar" | "map" | "list";
  /** In brackets or braces. */
  readonly flow: boolean;
  readonly style: "plain" | "single" | "double" | "block";
  /** Its tag and anchor included. */
  readonly start: number;
  /** Behind its last character; a comment behind it does not count, nor do empty lines. */
  readonly end: number;
  readonly entries: readonly Entry[];
}

/** One pair of a mapping or one item of a list. */
export interface Entry {
  /** Of a pair, as the reader gives it. */
  readonly key: string;
  /** Where the key or the dash stands; in brackets, where the item begins. */
  readonly start: number;
  /** Behind the colon or the dash; in brackets, where the item begins. */
  readonly content: number;
  readonly value: Outline;
}

/** The outline of the first document of a text; undefined where the YAML library does not parse it. */
export function outlineOf(text: string): Outline | undefined {
  const document = parseDocument(text, {
    version: "1.1",
    schema: "failsafe",
    uniqueKeys: false,
    keepSourceTokens: true,
  });
  const { contents } = document;
  if (document.errors.length > 0 || contents === null) return undefined;
  return outlineNode(text, contents, contents.range?.[0] ?? 0);
}

/** The node at a path. */
export function nodeAt(root: Outline, path: Path): Outline | undefined {
  return path.reduce<Outline | undefined>(
    (node, part) => (node === undefined ? undefined : entryAt(node, part)?.value),
    root,
  );
}

export function entryAt(node: Outline, part: string | number): Entry | undefined {
  if (node.kind === "list") return typeof part === "number" ? node.entries[part] : undefined;
  return node.entries.find((entry) => entry.key === part);
}

/** `from` is where a node that has no text of its own would begin. */
function outlineNode(text: string, node: unknown, from: number): Outline {
  if (isMap(node)) return outlineCollection(node, from, "map", mapEntries(text, node));
  if (isSeq(node)) return outlineCollection(node, from, "list", listEntries(text, node));
  const range = (node as Scalar | null)?.range;
  const empty = range == null || (range[0] === range[1] && from <= range[0]);
  if (empty) return { kind: "scalar", flow: false, style: "plain", start: from, end: from, entries: [] };
  const style = isScalar(node) ? (STYLES[node.type ?? ""] ?? "plain") : "plain";
  const end = style === "block" ? endOfBlockScalar(text, range[0], range[1]) : range[1];
  return { kind: "scalar", flow: false, style, start: Math.min(from, range[0]), end, entries: [] };
}

const STYLES: Readonly<Record<string, Outline["style"]>> = {
  [Scalar.QUOTE_SINGLE]: "single",
  [Scalar.QUOTE_DOUBLE]: "double",
  [Scalar.BLOCK_LITERAL]: "block",
  [Scalar.BLOCK_FOLDED]: "block",
};

function endOfBlockScalar(text: string, start: number, end: number): number {
  const head = text.slice(start, text.indexOf("\n", start));
  return head.includes("+") ? end : start + text.slice(start, end).trimEnd().length;
}

function outlineCollection(
  node: YAMLMap | YAMLSeq,
  from: number,
  kind: "map" | "list",
  entries: readonly Entry[],
): Outline {
  const flow = node.flow === true;
  const range = node.range ?? [from, from, from];
  const last = entries.at(-1);
  const end = flow || last === undefined ? range[1] : Math.max(last.content, last.value.end);
  return { kind, flow, style: "plain", start: Math.min(from, range[0]), end, entries };
}

function mapEntries(text: string, map: YAMLMap): Entry[] {
  return map.items.map((pair) => {
    const source = pairSource(pair);
    const start = rangeStart(pair.key) ?? 0;
    const colon = source?.sep?.find((token) => token.type === "map-value-ind");
    const content = colon === undefined ? (rangeEnd(pair.key) ?? start) : colon.offset + 1;
    const properties = source?.sep?.find((token) => token.type === "tag" || token.type === "anchor");
    const from = properties?.offset ?? rangeStart(pair.value) ?? content;
    return { key: keyOf(pair.key), start, content, value: outlineValue(text, pair.value, from, content) };
  });
}

function pairSource(pair: Pair): CST.CollectionItem | undefined {
  return (pair as Pair & { srcToken?: CST.CollectionItem }).srcToken;
}

function listEntries(text: string, list: YAMLSeq): Entry[] {
  const sources = (list.srcToken as CST.BlockSequence | CST.FlowCollection | undefined)?.items ?? [];
  return list.items.map((item, index) => {
    const tokens = sources[index]?.start ?? [];
    const dash = tokens.find((token) => token.type === "seq-item-ind");
    const properties = tokens.find((token) => token.type === "tag" || token.type === "anchor");
    const from = properties?.offset ?? rangeStart(item) ?? (dash?.offset ?? 0) + 1;
    const content = dash === undefined ? from : dash.offset + 1;
    return { key: "", start: dash?.offset ?? from, content, value: outlineValue(text, item, from, content) };
  });
}

/** A value without any text stands directly behind its colon or dash. */
function outlineValue(text: string, node: unknown, from: number, content: number): Outline {
  const range = (node as Scalar | null)?.range;
  const empty = range == null || (isScalar(node) && range[0] === range[1] && from >= range[0]);
  return outlineNode(text, empty ? null : node, empty ? content : from);
}

function keyOf(key: unknown): string {
  if (!isScalar(key)) return "";
  return key.type === Scalar.PLAIN ? String(resolvePlain(String(key.value))) : String(key.value);
}

function rangeStart(node: unknown): number | undefined {
  return (node as Scalar | null)?.range?.[0];
}

function rangeEnd(node: unknown): number | undefined {
  return (node as Scalar | null)?.range?.[1];
}
