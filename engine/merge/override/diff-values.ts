import type { Json, JsonObject } from "../../model/kube-object.ts";
import type { PathElement } from "../fields/path-element.ts";
import type { FieldSchema } from "../schema/type-schema.ts";
import { asList, asMap } from "../typed/shape.ts";
import { fieldSchema, indexItems, listKindOf, type MergingList, whereOf } from "./list-kind.ts";
import {
  isBare,
  type ItemPatch,
  mapNode,
  type MapNode,
  type PatchNode,
  REMOVE,
  valueNode,
} from "./patch-node.ts";
import { isReplaceMark } from "./read-node.ts";
import { setOrder } from "./set-order.ts";
import { fieldIn, present, sameValue } from "./values.ts";

/** The smallest patch that makes `b` of `a`; undefined where they are equal. */
export function diffValues(
  a: Json | undefined,
  b: Json | undefined,
  field: FieldSchema,
): PatchNode | undefined {
  const [before, after] = [present(a), present(b)];
  if (before === after) return undefined;
  if (after === undefined) return REMOVE;
  const map = asMap(after);
  if (map !== undefined) return diffMaps(asMap(before), map, field);
  const list = asList(after);
  return list === undefined ? valueNode(after) : diffLists(asList(before), list, field);
}

/** As diffValues, where the value after is an object. */
export function diffMaps(
  before: JsonObject | undefined,
  after: JsonObject,
  field: FieldSchema,
): MapNode | undefined {
  const fields = new Map<string, PatchNode>();
  for (const name of Object.keys(after)) {
    const change = diffValues(fieldIn(before, name), fieldIn(after, name), fieldSchema(field.type, name));
    if (change !== undefined) fields.set(name, change);
  }
  for (const name of Object.keys(before ?? {})) {
    if (fieldIn(before, name) !== undefined && fieldIn(after, name) === undefined) fields.set(name, REMOVE);
  }
  const node = retaining(mapNode(fields), after, field);
  return before !== undefined && isBare(node) ? undefined : node;
}

/** Where fields exclude each other (a volume's sources), what goes is not named, but what stays is. */
export function retaining(node: MapNode, after: JsonObject, field: FieldSchema): MapNode {
  const kept = Object.keys(after).filter((name) => fieldIn(after, name) !== undefined);
  const removes = [...node.fields.values()].some(({ kind }) => kind === "remove");
  if (field.patch?.retainKeys !== true || !removes || kept.length === 0) return node;
  return mapNode(new Map([...node.fields].filter(([, { kind }]) => kind !== "remove")), kept);
}

function diffLists(
  before: readonly Json[] | undefined,
  after: readonly Json[],
  field: FieldSchema,
): PatchNode | undefined {
  const list = listKindOf(field);
  if (list.kind === "atomic") {
    return sameValue(before, after) ? undefined : valueNode(after, isReplaceMark(after[0]));
  }
  const [mine, theirs] = [indexItems(list, before ?? []), indexItems(list, after)];
  if (mine === undefined || theirs === undefined) {
    return sameValue(before, after) ? undefined : valueNode(after, true);
  }
  const items = diffItems(mine, theirs, list);
  const order = orderOf(mine, theirs, list);
  const node = { kind: "list", items, order, empty: before === undefined && items.size === 0 } as const;
  return isBare(node) && !node.empty ? undefined : node;
}

type Items = ReadonlyMap<PathElement, Json>;

function diffItems(before: Items, after: Items, list: MergingList): ReadonlyMap<PathElement, ItemPatch> {
  const items = new Map<PathElement, ItemPatch>();
  for (const [id, item] of after) {
    const change = diffItem(before.get(id), item, list);
    if (change !== undefined) items.set(id, { where: whereOf(list, item), change });
  }
  for (const [id, item] of before) {
    if (!after.has(id)) items.set(id, { where: whereOf(list, item), change: REMOVE });
  }
  return items;
}

/** The patch of an item, which names its keys. */
export function diffItem(before: Json | undefined, after: Json, list: MergingList): PatchNode | undefined {
  if (list.kind === "set") return before === undefined ? valueNode(after) : undefined;
  const change = diffValues(before, after, list.item);
  return change?.kind === "map" ? naming(change, whereOf(list, after)) : change;
}

/** The patch of an item with the fields that say which item it is in front. */
export function naming(change: MapNode, where: Json): MapNode {
  const keys = Object.entries(asMap(where) ?? {}).map(([name, value]) => [name, valueNode(value)] as const);
  return mapNode(new Map<string, PatchNode>([...keys, ...change.fields]), change.retain);
}

/** The order that the merged list has to be given. */
export function orderOf(
  before: Items,
  after: Items,
  list: MergingList,
): ReadonlyMap<PathElement, Json> | undefined {
  const remaining = [...before.keys()].filter((id) => after.has(id));
  const order = setOrder(remaining, [...after.keys()]);
  return order && new Map(order.map((id) => [id, whereOf(list, after.get(id) ?? null)]));
}
