import type { Json, JsonObject } from "../../model/kube-object.ts";
import { asList, asMap } from "../typed/shape.ts";

/** A field of an object; null counts as absent, and so does what every JavaScript object inherits. */
export function fieldIn(object: JsonObject | undefined, name: string): Json | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? present(object[name]) : undefined;
}

/** The value, with null as absent. */
export function present(value: Json | undefined): Json | undefined {
  return value === null ? undefined : value;
}

/** Deep equality in which the order of fields does not count and a field that is null is absent. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  const [one, other] = [present(a), present(b)];
  if (one === other) return true;
  const [listA, listB] = [asList(one), asList(other)];
  if (listA !== undefined && listB !== undefined) {
    return listA.length === listB.length && listA.every((item, index) => sameValue(item, listB[index]));
  }
  const [mapA, mapB] = [asMap(one), asMap(other)];
  if (mapA === undefined || mapB === undefined) return false;
  return (
    Object.keys(mapA).every((name) => sameValue(fieldIn(mapA, name), fieldIn(mapB, name))) &&
    Object.keys(mapB).every((name) => fieldIn(mapB, name) === undefined || fieldIn(mapA, name) !== undefined)
  );
}
