import type { Json } from "../../model/kube-object.ts";
import type { PathElement } from "../fields/path-element.ts";
import { arrange } from "../patch/strategic/arrange.ts";
import type { FieldSchema } from "../schema/type-schema.ts";
import { asList, asMap } from "../typed/shape.ts";
import { fieldSchema, identify, listKindOf, type MergingList } from "./list-kind.ts";
import { isBare, type ListNode, type MapNode, type PatchNode } from "./patch-node.ts";

/**
 * The value after the patch; undefined where nothing is left. What the patch does not touch is shared with the
 * original.
 */
export function applyNode(node: PatchNode, original: Json | undefined, field: FieldSchema): Json | undefined {
  switch (node.kind) {
    case "value":
      return node.value;
    case "remove":
      return undefined;
    case "map":
      return applyMap(node, original, field);
    case "list":
      return applyList(node, original, field);
  }
}

function applyMap(node: MapNode, original: Json | undefined, field: FieldSchema): Json | undefined {
  const before = asMap(original);
  if (isBare(node)) return before ?? {};
  const merged = new Map(Object.entries(before ?? {}));
  if (node.retain !== undefined) {
    const retained = new Set(node.retain);
    for (const name of merged.keys()) if (!retained.has(name)) merged.delete(name);
  }
  for (const [name, child] of node.fields) {
    const value = applyNode(child, merged.get(name), fieldSchema(field.type, name));
    if (value === undefined) merged.delete(name);
    else merged.set(name, value);
  }
  // to remove what is not there makes no object
  return before === undefined && merged.size === 0 ? original : Object.fromEntries(merged);
}

interface Item {
  readonly id: PathElement | undefined;
  readonly value: Json;
}

function applyList(node: ListNode, original: Json | undefined, field: FieldSchema): Json | undefined {
  const list = listKindOf(field);
  if (list.kind === "atomic") throw new Error("a patch that was read merges only lists that merge");
  const before = asList(original);
  const items = (before ?? []).map((value): Item => ({ id: identify(list, value), value }));
  const remaining = items.filter(
    ({ id }) => id === undefined || node.items.get(id)?.change.kind !== "remove",
  );
  const merged = mergeItems(remaining, node, list);
  if (before === undefined && merged.length === 0 && !node.empty) return original;
  if (node.order === undefined) return merged.map(({ value }) => value);
  const order = [...node.order].map(([id, value]): Item => ({ id, value }));
  return arrange(merged, remaining, order, ({ id }) => id).map(({ value }) => value);
}

/** The items with the patch's merged in, each into the first that has its identity, and the new ones behind. */
function mergeItems(remaining: readonly Item[], node: ListNode, list: MergingList): readonly Item[] {
  const found = new Set<PathElement>();
  const merged = remaining.map((item): Item => {
    const patch = item.id === undefined ? undefined : node.items.get(item.id);
    if (patch === undefined || item.id === undefined || found.has(item.id)) return item;
    found.add(item.id);
    return { id: item.id, value: applyNode(patch.change, item.value, list.item) ?? item.value };
  });
  for (const [id, { change }] of node.items) {
    const value = found.has(id) ? undefined : applyNode(change, undefined, list.item);
    if (value !== undefined) merged.push({ id, value });
  }
  return merged;
}
