import { isJsonObject, type Json, type JsonObject } from "../../../engine/model/kube-object.ts";

/**
 * The first object on its way to the second: at any depth it takes some of the fields and list items of the other, and
 * loses some of its own; in one case many, in another few. The same seed makes the same choices.
 */
export function blend(a: JsonObject, b: JsonObject, seed: number): JsonObject {
  let state = (seed % 2_147_483_646) + 1;
  const pace = [1, 3, 10][seed % 3] ?? 1;
  const oneIn = (count: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % (count * pace) === 0;
  };
  const mixMaps = (one: JsonObject, other: JsonObject): JsonObject => {
    const result = new Map(Object.entries(one));
    for (const [field, value] of Object.entries(other)) {
      const mine = result.get(field);
      if (mine !== undefined) result.set(field, mix(mine, value));
      else if (oneIn(4)) result.set(field, value);
    }
    for (const field of result.keys()) {
      if (!KEYS.has(field) && oneIn(Object.hasOwn(other, field) ? 24 : 6)) result.delete(field);
    }
    return Object.fromEntries(result);
  };
  const mixLists = (one: readonly Json[], other: readonly Json[]): readonly Json[] => {
    const theirs = new Map(other.map((item) => [keyOf(item), item]));
    const kept = one.flatMap((item) => {
      const same = theirs.get(keyOf(item));
      theirs.delete(keyOf(item));
      if (oneIn(same === undefined ? 4 : 10)) return [];
      return [same === undefined ? item : mix(item, same)];
    });
    const added = [...theirs.values()].filter(() => oneIn(4));
    const all = state % 2 === 0 ? [...added, ...kept] : [...kept, ...added];
    return oneIn(6) ? all.toReversed() : all;
  };
  const mix = (one: Json, other: Json): Json => {
    if (isJsonObject(one) && isJsonObject(other)) return mixMaps(one, other);
    if (!Array.isArray(one) || !Array.isArray(other)) return oneIn(3) ? other : one;
    return mixLists(one as readonly Json[], other as readonly Json[]);
  };
  return mixMaps(a, b);
}

/** Fields by which list items are known; without them they would be known no more. */
const KEYS = new Set(["containerPort", "port", "protocol", "mountPath", "id", "name"]);

function keyOf(item: Json): string {
  if (!isJsonObject(item)) return JSON.stringify(item);
  const { containerPort, port, protocol, mountPath, id, name } = item;
  const number = containerPort ?? port;
  return JSON.stringify(number === undefined ? (mountPath ?? id ?? name) : [number, protocol ?? "TCP"]);
}
