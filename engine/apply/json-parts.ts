import { isJsonObject, type Json, type JsonObject } from "../model/kube-object.ts";

/** The value where it is a map; else an empty one. For API answers, which are untrusted. */
export function asMap(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value where it is a list; else an empty one. */
export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
