import { canonicalJson } from "../../../model/canonical-json.ts";
import type { Json, JsonObject } from "../../../model/kube-object.ts";
import { jsonEqual } from "../../typed/json-equal.ts";
import { asMap } from "../../typed/shape.ts";
import { invalidPatch, PATCH } from "./directives.ts";
import { arrange } from "./arrange.ts";

type MergeObjects = (original: JsonObject, patch: JsonObject) => Json;

/** Merges scalars as a set: what the patch names is there, in its order. */
export function mergeScalars(
  original: readonly Json[],
  patch: readonly Json[],
  order = patch,
): readonly Json[] {
  const merged = new Map<string, Json>();
  for (const item of [...original, ...patch]) {
    const id = canonicalJson(item);
    if (!merged.has(id)) merged.set(id, item);
  }
  return arrange([...merged.values()], original, order, canonicalJson);
}

/**
 * Merges lists of objects by a key. Items with `$patch: delete` take theirs away, one with `$patch: replace` makes
 * the other items of the patch the whole list. `order` is the patch, or what `$setElementOrder` says.
 */
export function mergeByKey(
  original: readonly Json[],
  patch: readonly Json[],
  mergeKey: string,
  mergeObjects: MergeObjects,
  order?: readonly Json[],
): readonly Json[] {
  const { remaining, items, replaces } = readItems(original, patch, mergeKey);
  if (replaces) return items;
  const merged: Json[] = [...remaining];
  for (const item of items) {
    const key = keyOf(item, mergeKey);
    const index = merged.findIndex((other) => jsonEqual(asMap(other)?.[mergeKey], key));
    const found = asMap(merged[index]);
    if (found === undefined) merged.push(item);
    else merged[index] = mergeObjects(found, item);
  }
  return arrange(merged, remaining, order ?? items, (item) => canonicalJson(keyOf(item, mergeKey)));
}

interface ReadItems {
  /** The original items that no item of the patch deletes. */
  readonly remaining: readonly Json[];
  readonly items: readonly JsonObject[];
  readonly replaces: boolean;
}

function readItems(original: readonly Json[], patch: readonly Json[], mergeKey: string): ReadItems {
  let remaining = original;
  let replaces = false;
  const items: JsonObject[] = [];
  for (const entry of patch) {
    const item = asMap(entry);
    if (item === undefined) throw invalidPatch("a list that merges by key may have objects only");
    const directive = item[PATCH];
    if (directive === undefined) {
      keyOf(item, mergeKey);
      items.push(item);
    } else if (directive === "delete") {
      const key = keyOf(item, mergeKey);
      remaining = remaining.filter((other) => !jsonEqual(asMap(other)?.[mergeKey], key));
    } else if (directive === "replace") {
      replaces = true;
    } else {
      throw invalidPatch(`an item of a list may have ${PATCH}: delete or replace`);
    }
  }
  return { remaining, items, replaces };
}

export function keyOf(item: Json, mergeKey: string): Json {
  const key = asMap(item)?.[mergeKey];
  if (key === undefined) throw invalidPatch(`an item lacks the merge key ${mergeKey} of its list`);
  return key;
}
