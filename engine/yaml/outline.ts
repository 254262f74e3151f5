import {
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { givenOffset, parseDocument as parseEvents } from "./parse-events.ts";
import { resolvePlain } from "./resolve-scalar.ts";
import { scalarToKey } from "./scalar-to-json.ts";
import { YamlFault } from "./yaml-fault.ts";

/** Where a node stands in a text, with all that is in it. */
export interface Outline {
  readonly kind: "scalar" | "map" | "list";
  /** In brackets or braces. */
  readonly flow: boolean;
  readonly style: "plain" | "single" | "double" | "block";
  /** Its tag and anchor included. */
  readonly start: number;
  /** Behind its tag and anchor. */
  readonly body: number;
  /** Behind its last character; a comment behind it does not count, nor do empty lines. */
  readonly end: number;
  readonly anchor: string | undefined;
  /** The anchor that an alias names; an alias is a scalar in all else. */
  readonly alias: string | undefined;
  /** Whether there is an anchor or an alias in it. */
  readonly linked: boolean;
  readonly entries: readonly Entry[];
}

/** One pair of a mapping or one item of a list. */
export interface Entry {
  /** Of a pair, as the reader gives it; undefined where the reader is needed to know, and for `<<`. */
  readonly key: string | undefined;
  /** Whether the key is the `<<` of a merge. */
  readonly merge: boolean;
  /** Where the key or the dash stands; in brackets, where the item begins. */
  readonly start: number;
  /** Behind the colon or the dash; in brackets, where the item begins. */
  readonly content: number;
  readonly value: Outline;
}

/** The outline of a document's text; undefined where there is no content, or the YAML library does not parse it. */
export function outlineOf(text: string): Outline | undefined {
  const { text: padded, pads } = parseEvents(text);
  const { contents, errors } = parseDocument(padded, {
    version: "1.1",
    schema: "failsafe",
    uniqueKeys: false,
    keepSourceTokens: true,
  });
  if (errors.length > 0 || contents === null) return undefined;
  const outline = outlineNode(padded, contents, contents.range?.[0] ?? 0);
  return pads.length === 0 ? outline : unpadded(outline, (offset) => givenOffset(pads, offset));
}

function unpadded(node: Outline, given: (offset: number) => number): Outline {
  const entries = node.entries.map((entry) => ({
    ...entry,
    start: given(entry.start),
    content: given(entry.content),
    value: unpadded(entry.value, given),
  }));
  return { ...node, start: given(node.start), body: given(node.body), end: given(node.end), entries };
}

/** `from` is where a node that has no text of its own would begin. */
function outlineNode(text: string, node: unknown, from: number): Outline {
  if (isMap(node)) return outlineCollection(node, from, "map", mapEntries(text, node));
  if (isSeq(node)) return outlineCollection(node, from, "list", listEntries(text, node));
  const range = (node as Scalar | null)?.range ?? [from, from];
  const style = isScalar(node) ? (STYLES[node.type ?? ""] ?? "plain") : "plain";
  const end = style === "block" ? endOfBlockScalar(text, range[0], range[1]) : range[1];
  const [start, body] = [Math.min(from, range[0]), Math.max(from, range[0])];
  const anchor = isScalar(node) ? node.anchor : undefined;
  const alias = isAlias(node) ? node.source : undefined;
  const linked = anchor !== undefined || alias !== undefined;
  const names = { anchor, alias, linked };
  return { kind: "scalar", flow: false, style, start, body, end: Math.max(end, body), ...names, entries: [] };
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
  const linked = node.anchor !== undefined || entries.some(({ value }) => value.linked);
  const names = { anchor: node.anchor, alias: undefined, linked };
  return {
    kind,
    flow,
    style: "plain",
    start: Math.min(from, range[0]),
    body: range[0],
    end,
    ...names,
    entries,
  };
}

function mapEntries(text: string, map: YAMLMap): Entry[] {
  return map.items.map((pair) => {
    const source = pairSource(pair);
    const start = rangeStart(pair.key) ?? 0;
    const colon = source?.sep?.find((token) => token.type === "map-value-ind");
    const content = colon === undefined ? (rangeEnd(pair.key) ?? start) : colon.offset + 1;
    const properties = source?.sep?.find((token) => token.type === "tag" || token.type === "anchor");
    const from = properties?.offset ?? rangeStart(pair.value) ?? content;
    const merge = isScalar(pair.key) && pair.key.type === Scalar.PLAIN && pair.key.source === "<<";
    const value = outlineValue(text, pair.value, from, content);
    return { key: merge ? undefined : keyOf(pair.key), merge, start, content, value };
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
    const value = outlineValue(text, item, from, content);
    return { key: undefined, merge: false, start: dash?.offset ?? from, content, value };
  });
}

/** A value without any text stands directly behind its colon or dash. */
function outlineValue(text: string, node: unknown, from: number, content: number): Outline {
  const range = (node as Scalar | null)?.range;
  const empty = range == null || (isScalar(node) && range[0] === range[1] && from >= range[0]);
  return outlineNode(text, empty ? null : node, empty ? content : from);
}

function keyOf(key: unknown): string | undefined {
  if (!isScalar(key) || key.tag !== undefined) return undefined;
  if (key.type !== Scalar.PLAIN) return String(key.value);
  try {
    return scalarToKey(resolvePlain(String(key.value)), 0);
  } catch (error) {
    if (error instanceof YamlFault) return undefined;
    throw error;
  }
}

function rangeStart(node: unknown): number | undefined {
  return (node as Scalar | null)?.range?.[0];
}

function rangeEnd(node: unknown): number | undefined {
  return (node as Scalar | null)?.range?.[1];
}
