import { isJsonObject, type Json, type JsonObject } from "../../engine/model/kube-object.ts";

/** Fills in fields that are not there; what is there wins, but for an empty map. */
export function fill(object: JsonObject, defaults: JsonObject): JsonObject {
  const given = Object.entries(object).filter(([key, value]) => !(isEmpty(value) && key in defaults));
  return { ...defaults, ...Object.fromEntries(given) };
}

function isEmpty(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}
