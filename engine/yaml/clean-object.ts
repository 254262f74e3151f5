import { isJsonObject, type Json, type JsonObject } from "../model/kube-object.ts";

/** Written by the server alone; an apply with them changes nothing, but for `status` of a kind that has none, which fails. */
const IGNORED = ["creationTimestamp", "generation", "selfLink"];
/** Empty, these say nothing; filled, `checkManifest` refuses them. */
const EMPTY = [
  "uid",
  "resourceVersion",
  "managedFields",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "namespace",
  "generateName",
];

/**
 * An object as it is applied: without `status` and what else only the server writes, and with empty text for labels and
 * annotations that are null, which is what the server makes of them.
 */
export function cleanObject(object: JsonObject): JsonObject {
  const { status: _status, ...rest } = object;
  return isJsonObject(rest.metadata) ? { ...rest, metadata: cleanMetadata(rest.metadata) } : rest;
}

function cleanMetadata(metadata: JsonObject): JsonObject {
  const kept = Object.entries(metadata).filter(
    ([field, value]) =>
      !IGNORED.includes(field) && !(EMPTY.includes(field) && (value === null || value === "")),
  );
  return Object.fromEntries(
    kept.map(([field, value]) => [field, STRING_MAPS.has(field) ? withoutNulls(value) : value]),
  );
}

const STRING_MAPS = new Set(["labels", "annotations"]);

function withoutNulls(map: Json): Json {
  if (!isJsonObject(map)) return map;
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value ?? ""]));
}
