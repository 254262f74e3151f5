import type { Json } from "../../../model/kube-object.ts";

type Same = (a: Json, b: Json) => boolean;

/**
 * The items with those that `order` names in its order, the others in the order of `original`; the two woven
 * together so that an other comes before the next named one where it did so in the original list, else after.
 */
export function arrange(
  items: readonly Json[],
  original: readonly Json[],
  order: readonly Json[],
  same: Same,
): readonly Json[] {
  const placeIn = (list: readonly Json[], item: Json) => list.findIndex((other) => same(other, item));
  const named = items
    .filter((item) => placeIn(order, item) >= 0)
    .toSorted((a, b) => placeIn(order, a) - placeIn(order, b));
  const others = items.filter((item) => placeIn(order, item) < 0);

  const arranged: Json[] = [];
  let o = 0;
  for (const item of named) {
    const place = placeIn(original, item);
    for (let other = others[o]; other !== undefined && place >= 0; other = others[o]) {
      const otherPlace = placeIn(original, other);
      if (otherPlace < 0 || otherPlace >= place) break;
      arranged.push(other);
      o++;
    }
    arranged.push(item);
  }
  return [...arranged, ...others.slice(o)];
}
