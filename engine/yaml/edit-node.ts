import { isJsonObject, type Json, type JsonObject } from "../model/kube-object.ts";
import { alignItems } from "./align-items.ts";
import { assembleBlock, type Part } from "./assemble-block.ts";
import { assembleFlow } from "./assemble-flow.ts";
import { mergedBy, type MergedKeys } from "./merged-keys.ts";
import type { Entry, Outline } from "./outline.ts";
import { replaceNode, type Slot } from "./replace-node.ts";
import { applySplices, type Splice } from "./splices.ts";
import { beginsLine, columnOf, endOfEntry, endOfLine, leadOf } from "./text-lines.ts";
import type { ValueIds } from "./value-ids.ts";
import { writeLike } from "./write-like.ts";
import { quote, writeString } from "./write-scalar.ts";
import {
  indented,
  isBlock,
  type Layout,
  linesBehindDash,
  linesBehindKey,
  writeInline,
} from "./write-yaml.ts";

/** What is known while a document is edited, from its begin to its end. */
export interface Editing {
  readonly text: string;
  readonly ids: ValueIds;
  readonly layout: Layout;
  /** What the anchors so far will mean when the edit is done. */
  readonly anchors: Map<string, Json>;
  /** Nodes that are written anew as a whole, as smaller changes of them did not read as wanted. */
  readonly rigid: ReadonlySet<Outline>;
}

/**
 * Splices that make `wanted` of a node that reads as `before`. An alias stays where its anchor will mean what is wanted
 * there, and is written out elsewhere; so is a merge.
 */
export function editNode(editing: Editing, slot: Slot, before: Json, wanted: Json): Splice[] {
  const { node } = slot;
  const { ids, anchors, rigid } = editing;
  const rewrite = () => replaceNode(editing.text, slot, wanted, editing.layout);
  if (node.alias !== undefined)
    return ids.same(anchors.get(node.alias), wanted) && !rigid.has(node) ? [] : rewrite();
  const splices = rigid.has(node) ? rewrite() : (editInside(editing, slot, before, wanted) ?? rewrite());
  if (node.anchor !== undefined) anchors.set(node.anchor, wanted);
  return splices;
}

/** Undefined where only the whole node can be written anew. */
function editInside(editing: Editing, slot: Slot, before: Json, wanted: Json): Splice[] | undefined {
  const { node } = slot;
  const same = editing.ids.same(before, wanted);
  if (same && !node.linked) return [];
  return editEntries(editing, slot, before, wanted) ?? (same ? [] : undefined);
}

function editEntries(editing: Editing, slot: Slot, before: Json, wanted: Json): Splice[] | undefined {
  const { node } = slot;
  const [first, ...others] = node.entries;
  if (first === undefined) return undefined;
  if (!node.flow && others.some((entry) => !beginsLine(editing.text, entry.start))) return undefined;
  if (node.kind === "map" && isJsonObject(before) && isJsonObject(wanted))
    return editMap(editing, slot, before, wanted);
  if (node.kind === "list" && Array.isArray(before) && Array.isArray(wanted))
    return editList(editing, slot, before, wanted);
  return undefined;
}

function editMap(editing: Editing, slot: Slot, before: JsonObject, wanted: JsonObject): Splice[] | undefined {
  const { node } = slot;
  const byKey = new Map<string, Entry>();
  for (const entry of node.entries) {
    if (entry.merge) continue;
    if (entry.key === undefined || !Object.hasOwn(before, entry.key)) return undefined;
    byKey.set(entry.key, entry);
  }
  const merges = mergesOf(editing, slot, before, wanted);
  if (merges === undefined) return undefined;

  const style = styleInside(editing.text, slot);
  const kept = node.entries.filter((entry) =>
    entry.key === undefined ? merges.stay : Object.hasOwn(wanted, entry.key),
  );
  const parts = new Map<Entry | undefined, Part[]>([
    [undefined, []],
    ...kept.map((entry) => [entry, [entry] as Part[]] as const),
  ]);
  const lastMerge = kept.findLast((entry) => entry.merge);
  let after: Entry | undefined;
  for (const [key, value] of Object.entries(wanted)) {
    const entry = byKey.get(key);
    if (entry !== undefined) after = entry;
    else if (!editing.ids.same(merges.keys.get(key), value)) {
      const place =
        after === undefined || (lastMerge !== undefined && after.start < lastMerge.start)
          ? (lastMerge ?? kept.at(-1))
          : after;
      parts.get(place)?.push(pairText(editing, slot, key, value));
    }
  }
  const splices = kept.flatMap((entry) => {
    const { key } = entry;
    if (key === undefined) return [];
    return editNode(
      editing,
      { node: entry.value, entry, owner: "map", style },
      before[key] ?? null,
      wanted[key] ?? null,
    );
  });
  return assemble(editing, slot, [...parts.values()].flat(), splices);
}

/**
 * Whether the merges of a mapping can stay, as all that they bring is wanted, and what they bring then; undefined where
 * one hides a key that is written before it.
 */
function mergesOf(
  { ids, anchors }: Editing,
  { node }: Slot,
  before: JsonObject,
  wanted: JsonObject,
): { readonly stay: boolean; readonly keys: MergedKeys } | undefined {
  const none = { stay: false, keys: new Map<string, Json>() };
  const lastMerge = node.entries.findLast((entry) => entry.merge);
  if (lastMerge === undefined) return none;
  const keys = mergedBy(node.entries, anchors);
  if (keys === undefined) return ids.same(before, wanted) ? undefined : none;
  if (keys === "gone") return none;
  const isHidden = ({ key, start }: Entry) => key !== undefined && start < lastMerge.start && keys.has(key);
  if (node.entries.some(isHidden)) return undefined;
  return [...keys.keys()].every((key) => Object.hasOwn(wanted, key)) ? { stay: true, keys } : none;
}

function editList(
  editing: Editing,
  slot: Slot,
  before: readonly Json[],
  wanted: readonly Json[],
): Splice[] | undefined {
  const { node } = slot;
  if (node.entries.length !== before.length) return undefined;
  const style = styleInside(editing.text, slot);
  const { sources, kept } = alignItems(before, wanted, editing.ids);
  const splices: Splice[] = [];
  let neighbour = node.entries[0];
  const parts = sources.map((source, index): Part => {
    const value = wanted[index] ?? null;
    const entry = source === undefined ? undefined : node.entries[source];
    if (source === undefined || entry === undefined) return itemText(editing, slot, value, neighbour);
    const item: Slot = { node: entry.value, entry, owner: "list", style };
    const inside = editNode(editing, item, before[source] ?? null, value);
    if (!kept.has(source))
      return movedText(editing, slot, source, inside) ?? itemText(editing, slot, value, entry);
    neighbour = entry;
    splices.push(...inside);
    return entry;
  });
  return assemble(editing, slot, parts, splices);
}

function assemble(
  { text }: Editing,
  { node, entry }: Slot,
  parts: readonly Part[],
  inside: readonly Splice[],
): Splice[] | undefined {
  if (parts.length === 0) return undefined;
  const changed = parts.length !== node.entries.length || parts.some((part) => typeof part === "string");
  if (!changed) return [...inside];
  if (node.flow) return [...inside, ...assembleFlow(text, node.entries, parts)];
  return [...inside, ...assembleBlock(text, node.entries, parts, floorOf(text, node, entry))];
}

/** Where the comments inside a block begin; what stands above the first field of a document is about all of it. */
function floorOf(text: string, node: Outline, entry: Entry | undefined): number {
  return entry === undefined ? node.start : endOfLine(text, entry.content);
}

function styleInside(text: string, { node, style }: Slot): Slot["style"] {
  const [first] = node.entries;
  if (!node.flow || style === "json") return style;
  if (node.kind === "map" && first !== undefined && text[first.start] === '"') return "json";
  return "flow";
}

/** A new field, as its siblings are written. */
function pairText(editing: Editing, slot: Slot, key: string, value: Json): string {
  const { node } = slot;
  if (node.flow) {
    const json = styleInside(editing.text, slot) === "json";
    return json
      ? `${quote(key)}: ${writeLike("", node, value, "json")}`
      : `${writeString(key, "flow")}: ${writeInline(value)}`;
  }
  const [first = "", ...rest] = linesBehindKey(value, editing.layout);
  const lines = [
    `${writeString(key, "block")}:${first}`,
    ...indented(rest, indentationOf(editing.text, node)),
  ];
  return lines.join("\n");
}

/** A new item, as its neighbour is written: in brackets, or in quotes. */
function itemText(editing: Editing, slot: Slot, value: Json, neighbour: Entry | undefined): string {
  const { node } = slot;
  const { text, layout } = editing;
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
function movedText(
  { text }: Editing,
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
