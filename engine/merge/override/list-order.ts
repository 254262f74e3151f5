import type { Json } from "../../model/kube-object.ts";
import type { PathElement } from "../fields/path-element.ts";
import { arrange } from "../patch/strategic/arrange.ts";
import { orderOf } from "./diff-values.ts";
import type { MergingList } from "./list-kind.ts";
import type { ItemPatch } from "./patch-node.ts";

type Items = ReadonlyMap<PathElement, Json>;
type ItemPatches = ReadonlyMap<PathElement, ItemPatch>;
type Order = ReadonlyMap<PathElement, Json> | undefined;

export interface Ordered {
  readonly items: ItemPatches;
  readonly order: Order;
}

/**
 * The patches of items and the order that give the list `edited`: the first of `orders` that does, so that as little as
 * possible changes in the file; else the new items as `edited` has them, and the order that this needs.
 */
export function orderFor(
  items: ItemPatches,
  orders: readonly Order[],
  { base, edited, list }: { readonly base: Items; readonly edited: Items; readonly list: MergingList },
): Ordered {
  const wanted = [...edited.keys()];
  for (const order of orders) if (gives(items, order, base, wanted)) return { items, order };
  const added = wanted.filter((id) => !base.has(id));
  const inOrder = new Map([...items].filter(([id]) => base.has(id) || !edited.has(id)));
  for (const id of added) {
    const patch = items.get(id);
    if (patch !== undefined) inOrder.set(id, patch);
  }
  return { items: inOrder, order: orderOf(base, edited, list) };
}

function gives(items: ItemPatches, order: Order, base: Items, wanted: readonly PathElement[]): boolean {
  const remaining = [...base.keys()].filter((id) => items.get(id)?.change.kind !== "remove");
  const added = [...items].filter(([id, { change }]) => !base.has(id) && change.kind !== "remove");
  const natural = [...remaining, ...added.map(([id]) => id)];
  const result = order === undefined ? natural : arrange(natural, remaining, [...order.keys()], (id) => id);
  return result.length === wanted.length && result.every((id, index) => id === wanted[index]);
}
