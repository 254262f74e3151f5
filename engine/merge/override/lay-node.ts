import type { Json, JsonObject } from "../../model/kube-object.ts";
import type { FieldSchema } from "../schema/type-schema.ts";
import { asList, asMap } from "../typed/shape.ts";
import { diffItem, diffValues, naming, retaining } from "./diff-values.ts";
import { fieldSchema, indexItems, listKindOf, type MergingList, whereOf } from "./list-kind.ts";
import { orderFor } from "./list-order.ts";
import {
  isBare,
  type ItemPatch,
  type ListNode,
  type MapNode,
  mapNode,
  type PatchNode,
  REMOVE,
  valueNode,
} from "./patch-node.ts";
import { fieldIn, sameValue } from "./values.ts";

/** One place that was edited: the profile's value, that with the override, and what the user made of it. */
export interface EditedPlace {
  readonly base: Json | undefined;
  readonly shown: Json | undefined;
  readonly edited: Json | undefined;
  readonly field: FieldSchema;
}

/**
 * The patch of one place with an edit laid over it, where `change` is the difference of what was shown and edited;
 * undefined where no patch is needed.
 */
export function layNode(
  patch: PatchNode | undefined,
  change: PatchNode | undefined,
  place: EditedPlace,
): PatchNode | undefined {
  if (change === undefined) return patch;
  const { base, edited, field } = place;
  if (patch?.kind === "map" && change.kind === "map" && (base === undefined || asMap(base) !== undefined)) {
    return layMap(patch, change, place);
  }
  if (
    patch?.kind === "list" &&
    change.kind === "list" &&
    (base === undefined || asList(base) !== undefined)
  ) {
    return layList(patch, change, place);
  }
  const replaced =
    patch?.kind === "value" && patch.replace && change.kind !== "value" && change.kind !== "remove";
  if (replaced && edited !== undefined) return sameValue(base, edited) ? undefined : valueNode(edited, true);
  return diffValues(base, edited, field);
}

/** As layNode, of an object that both the patch and the edit change in part; `base` is an object or absent. */
export function layMap(patch: MapNode, change: MapNode, place: EditedPlace): MapNode | undefined {
  const [base, shown, edited] = [asMap(place.base), asMap(place.shown), asMap(place.edited) ?? {}];
  if (place.base === undefined && Object.keys(edited).every((name) => fieldIn(edited, name) === undefined)) {
    // an object that is made has nothing to remove
    return mapNode(new Map());
  }
  const fields = new Map(patch.fields);
  const changes = new Map(change.fields);
  if (change.retain !== undefined) {
    const retained = new Set(change.retain);
    for (const name of Object.keys(shown ?? {})) if (!retained.has(name)) changes.set(name, REMOVE);
  }
  for (const [name, child] of changes) {
    const laid = layNode(fields.get(name), child, {
      base: fieldIn(base, name),
      shown: fieldIn(shown, name),
      edited: fieldIn(edited, name),
      field: fieldSchema(place.field.type, name),
    });
    if (laid === undefined) fields.delete(name);
    else fields.set(name, laid);
  }
  const node = retain(mapNode(fields, patch.retain), change, base, edited);
  const laid = change.retain === undefined ? node : retaining(node, edited, place.field);
  return base !== undefined && isBare(laid) ? undefined : laid;
}

/** `$retainKeys` that was there names what is there now, and goes where nothing is left for it to remove. */
function retain(node: MapNode, change: MapNode, base: JsonObject | undefined, edited: JsonObject): MapNode {
  if (node.retain === undefined) return node;
  const there = Object.keys(edited).filter((name) => fieldIn(edited, name) !== undefined);
  const set = [...node.fields].filter(([, { kind }]) => kind !== "remove");
  const kept = [...new Set([...there, ...set.map(([name]) => name)])];
  const removes = Object.keys(base ?? {}).some((name) => fieldIn(edited, name) === undefined);
  if (removes && change.retain === undefined && kept.every((name) => node.retain?.includes(name)))
    return node;
  return mapNode(new Map(set), removes ? kept : undefined);
}

function layList(patch: ListNode, change: ListNode, place: EditedPlace): PatchNode | undefined {
  const { field } = place;
  const list = listKindOf(field);
  if (list.kind === "atomic") throw new Error("a patch that was read merges only lists that merge");
  const [base, shown, edited] = [place.base, place.shown, place.edited].map((value) =>
    indexItems(list, asList(value) ?? []),
  );
  if (base === undefined || shown === undefined || edited === undefined)
    return diffValues(place.base, place.edited, field);

  const empty = place.base === undefined && edited.size === 0;
  // a list that is made has nothing to remove
  const patches = new Map(empty ? [] : patch.items);
  for (const id of change.items.keys()) {
    const item = { base: base.get(id), shown: shown.get(id), edited: edited.get(id), field: list.item };
    const laid = layItem(patches.get(id), change.items.get(id)?.change, item, list);
    if (laid === undefined) patches.delete(id);
    else patches.set(id, laid);
  }
  const named = [...(patch.order?.keys() ?? [])];
  const reordered = change.order !== undefined || named.some((id) => shown.has(id) !== edited.has(id));
  const orders = reordered ? [undefined, patch.order] : [patch.order, undefined];
  const { items, order } = orderFor(patches, orders, { base, edited, list });
  const node: ListNode = { kind: "list", items, order, empty };
  return isBare(node) && !node.empty ? undefined : node;
}

function layItem(
  patch: ItemPatch | undefined,
  change: PatchNode | undefined,
  place: EditedPlace,
  list: MergingList,
): ItemPatch | undefined {
  const { base, edited } = place;
  if (edited === undefined) {
    return base === undefined ? undefined : { where: whereOf(list, base), change: REMOVE };
  }
  const where = whereOf(list, edited);
  if (base === undefined || patch?.change.kind !== "map" || change?.kind !== "map") {
    const whole = diffItem(base, edited, list);
    return whole && { where, change: whole };
  }
  const laid = layMap(patch.change, change, place);
  return laid && { where, change: naming(laid, where) };
}
