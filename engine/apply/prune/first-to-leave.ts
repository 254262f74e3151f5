import type { Entry } from "../inventory/model.ts";

/**
 * What leaves next: the first layer in order that has anything left; what no layer is known of before, Namespaces last.
 * @param order `profile/layer` in the order in which they leave; left out: all leave at once
 */
export function firstToLeave<Key>(
  leaving: readonly (readonly [Key, Entry])[],
  order: readonly string[] | undefined,
): readonly (readonly [Key, Entry])[] {
  if (order === undefined) return leaving;
  const places = new Map(order.map((layer, place) => [layer, place]));
  const rankOf = ({ id, layer }: Entry) =>
    id.group === "" && id.kind === "Namespace" ? order.length : (places.get(layer) ?? -1);
  const first = leaving.reduce((least, [, entry]) => Math.min(least, rankOf(entry)), order.length);
  return leaving.filter(([, entry]) => rankOf(entry) === first);
}
