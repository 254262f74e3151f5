import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../model/kube-object.ts";
import { digestOf } from "./sorted-json.ts";
import { asList } from "./json-parts.ts";
import { FIELD_MANAGER } from "./marks.ts";

/** FieldsV1 of Strata's own Apply entry in `managedFields`; undefined where it has none. */
export function applyFields(object: KubeObject): JsonObject | undefined {
  const entry = managedEntries(object).find(isOwnApplyEntry);
  return isJsonObject(entry?.fieldsV1) ? entry.fieldsV1 : undefined;
}

/** When our Apply entry last changed, in whole seconds (RFC 3339); empty where Strata has none. */
export function appliedAt(object: KubeObject): string {
  const time = managedEntries(object).find(isOwnApplyEntry)?.time;
  return typeof time === "string" ? time : "";
}

/** Whether a `managedFields` entry is what Strata's server-side apply of the main resource left. */
export function isOwnApplyEntry(entry: JsonObject): boolean {
  const main = entry.subresource === undefined || entry.subresource === "";
  return entry.manager === FIELD_MANAGER && entry.operation === "Apply" && main;
}

/** The entries of `metadata.managedFields`. */
export function managedEntries(object: KubeObject): readonly JsonObject[] {
  const entries = object.metadata.managedFields;
  return Array.isArray(entries) ? entries.filter(isJsonObject) : [];
}

/**
 * Digest of what Strata holds in a live object: the FieldsV1 of its Apply entry and the values at exactly those paths.
 * Other managers' fields, defaults, status and generation never count. Undefined where Strata has no Apply entry.
 */
export function liveDigest(object: KubeObject): string | undefined {
  const fields = applyFields(object);
  if (fields === undefined) return undefined;
  const others = managedEntries(object)
    .filter((entry) => !isOwnApplyEntry(entry))
    .map((entry) => entry.fieldsV1)
    .filter(isJsonObject);
  return digestOf([fields, ownedValue(object, fields, others)]);
}

/**
 * The part of `value` that `fields` (a FieldsV1 set) names, in its shape.
 * Format: https://github.com/kubernetes-sigs/structured-merge-diff, `fieldpath/serialize.go`: `f:` a field,
 * `k:` a list item by its keys, `v:` a set's value, `i:` an index, `.` the item itself.
 */
function ownedValue(value: Json | undefined, fields: JsonObject, others: readonly JsonObject[]): Json {
  const parts = Object.entries(fields).filter(([part]) => part !== ".");
  if (parts.length === 0) return "." in fields ? value !== undefined : wholeValue(value, others);
  return Object.fromEntries(
    parts.map(([part, below]) => {
      const deeper = others.length === 0 ? others : others.map((other) => other[part]).filter(isJsonObject);
      return [part, ownedValue(childAt(value, part), isJsonObject(below) ? below : {}, deeper)];
    }),
  );
}

/**
 * A value that is owned as a whole. Where any manager owns something below it, it is no atomic value but a map that
 * was applied empty: only that it is there counts.
 */
function wholeValue(value: Json | undefined, others: readonly JsonObject[]): Json {
  if (value === undefined) return [];
  const granular = others.some((other) => Object.keys(other).some((part) => part !== "."));
  return [granular ? {} : value];
}

function childAt(value: Json | undefined, part: string): Json | undefined {
  const rest = part.slice(2);
  switch (part.slice(0, 2)) {
    case "f:":
      return isJsonObject(value) ? value[rest] : undefined;
    case "k:": {
      const keys = parsed(rest);
      return isJsonObject(keys) ? asList(value).find((item) => matches(item, keys)) : undefined;
    }
    case "v:": {
      const wanted = JSON.stringify(parsed(rest));
      return asList(value).find((item) => JSON.stringify(item) === wanted);
    }
    case "i:":
      return asList(value)[Number(rest)];
    default:
      return undefined;
  }
}

function matches(item: Json, keys: JsonObject): boolean {
  return (
    isJsonObject(item) &&
    Object.entries(keys).every(([key, wanted]) => JSON.stringify(item[key]) === JSON.stringify(wanted))
  );
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json; // what JSON.parse gives is Json
  } catch {
    return null;
  }
}
