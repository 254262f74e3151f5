import type { Json } from "../../model/kube-object.ts";
import { asList, asMap } from "./shape.ts";

/** Deep equality; the order of object fields does not count, an absent field is not null. */
export function jsonEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  const listA = asList(a);
  const listB = asList(b);
  if (listA !== undefined && listB !== undefined) {
    return listA.length === listB.length && listA.every((item, index) => jsonEqual(item, listB[index]));
  }
  const mapA = asMap(a);
  const mapB = asMap(b);
  if (mapA === undefined || mapB === undefined) return false;
  const keys = Object.keys(mapA);
  if (keys.length !== Object.keys(mapB).length) return false;
  return keys.every((key) => Object.hasOwn(mapB, key) && jsonEqual(mapA[key], mapB[key]));
}
