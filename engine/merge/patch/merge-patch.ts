import type { Json, JsonObject } from "../../model/kube-object.ts";
import { asMap } from "../typed/shape.ts";

/** JSON merge patch (RFC 7386): objects merge, null removes, everything else replaces. */
export function mergePatch(object: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(object));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, patchedValue(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

function patchedValue(value: Json | undefined, patch: Json): Json {
  const map = asMap(patch);
  return map === undefined ? patch : mergePatch(asMap(value) ?? {}, map);
}
