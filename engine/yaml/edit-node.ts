import { isJsonObject, type Json, type JsonObject } from "../model/kube-object.ts";
import { alignItems } from "./align-items.ts";
import { assembleBlock, type Part } from "./assemble-block.ts";
import { assembleFlow } from "./assemble-flow.ts";
import { floorOf, itemText, movedText, pairText, styleInside } from "./new-text.ts";
import { mergesOf } from "./merges.ts";
import type { Entry, Outline } from "./outline.ts";
import { replaceNode, type Slot } from "./replace-node.ts";
import type { Splice } from "./splices.ts";
import { beginsLine } from "./text-lines.ts";
import type { ValueIds } from "./value-ids.ts";
import type { Layout } from "./write-yaml.ts";

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
  const merges = mergesOf(editing, node.entries, before, wanted);
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
      // A merge below a key would hide it.
      const hidden = lastMerge !== undefined && (after?.start ?? 0) < lastMerge.start;
      const place = hidden ? lastMerge : (after ?? kept.at(-1));
      parts.get(place)?.push(pairText(editing, slot, key, value));
    }
  }
  const splices = kept.flatMap((entry) => {
    const { key, value } = entry;
    if (key === undefined) return [];
    const child: Slot = { node: value, entry, owner: "map", style };
    return editNode(editing, child, before[key] ?? null, wanted[key] ?? null);
  });
  return assemble(editing, slot, [...parts.values()].flat(), splices);
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
