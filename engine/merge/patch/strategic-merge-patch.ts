import { canonicalJson } from "../../model/canonical-json.ts";
import type { Json, JsonObject } from "../../model/kube-object.ts";
import { deducedSchema } from "../schema/deduced.ts";
import type { FieldSchema, TypeSchema } from "../schema/type-schema.ts";
import { jsonEqual } from "../typed/json-equal.ts";
import { asList, asMap } from "../typed/shape.ts";
import { arrange } from "./strategic/arrange.ts";
import { asNew, invalidPatch, PATCH, readPatch } from "./strategic/directives.ts";
import { keyOf, mergeByKey, mergeScalars } from "./strategic/merge-items.ts";

/**
 * Kubernetes' strategic merge patch: objects merge, null removes, lists merge by their patch merge key or are
 * replaced, with the directives `$patch`, `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…`.
 * The rules are those of k8s.io/apimachinery/pkg/util/strategicpatch. Throws `invalid-patch`.
 */
export function strategicMergePatch(object: JsonObject, patch: JsonObject, schema: TypeSchema): JsonObject {
  return mergeObject(object, patch, schema);
}

function mergeObject(original: JsonObject, patch: JsonObject, schema: TypeSchema): JsonObject {
  const directive = patch[PATCH];
  if (directive !== undefined) return replaced(patch, directive);
  const { fields, orders, deletions, retainKeys } = readPatch(patch);
  const merged = new Map(Object.entries(original));
  if (retainKeys !== undefined) {
    for (const name of merged.keys()) if (!retainKeys.includes(name)) merged.delete(name);
  }
  for (const [name, order] of orders) {
    const value = ordered(merged.get(name), fields.get(name), order, fieldOf(schema, name));
    if (value !== undefined) merged.set(name, value);
  }
  for (const [name, values] of deletions) {
    const list = asList(merged.get(name));
    if (list !== undefined)
      merged.set(
        name,
        list.filter((item) => !values.some((value) => jsonEqual(value, item))),
      );
  }
  for (const [name, value] of fields) {
    if (orders.has(name)) continue;
    const next = value === null ? undefined : mergeField(merged.get(name), value, fieldOf(schema, name));
    if (next === undefined) merged.delete(name);
    else merged.set(name, next);
  }
  return Object.fromEntries(merged);
}

function replaced(patch: JsonObject, directive: Json): JsonObject {
  if (directive === "delete") return {};
  if (directive !== "replace") throw invalidPatch(`${PATCH} of an object must be replace or delete`);
  const { [PATCH]: _directive, ...rest } = patch;
  return rest;
}

/** The field after the patch; undefined where nothing is left of it. */
function mergeField(original: Json | undefined, patch: Json, field: FieldSchema): Json | undefined {
  const strategy = field.patch?.strategy;
  const [originalMap, patchMap] = [asMap(original), asMap(patch)];
  if (originalMap !== undefined && patchMap !== undefined) {
    return strategy === "replace" ? patchMap : mergeObject(originalMap, patchMap, field.type);
  }
  const [originalList, patchList] = [asList(original), asList(patch)];
  if (originalList !== undefined && patchList !== undefined) {
    return strategy === "merge" ? mergeList(originalList, patchList, field) : patchList;
  }
  return asNew(patch);
}

function mergeList(
  original: readonly Json[],
  patch: readonly Json[],
  field: FieldSchema,
  order?: readonly Json[],
): readonly Json[] {
  const mergeKey = field.patch?.mergeKey;
  if (mergeKey === undefined) return mergeScalars(original, patch, order);
  const item = field.type.list?.item() ?? deducedSchema;
  return mergeByKey(original, patch, mergeKey, (mine, theirs) => mergeObject(mine, theirs, item), order);
}

/** A list with the order that `$setElementOrder` gives it. */
function ordered(
  original: Json | undefined,
  patch: Json | undefined,
  order: readonly Json[],
  field: FieldSchema,
): Json | undefined {
  const originalList = original === undefined ? undefined : asList(original);
  const patchList = patch === undefined ? undefined : asList(patch);
  if (patch !== undefined && patchList === undefined)
    throw invalidPatch("$setElementOrder is for lists only");
  const mergeKey = field.patch?.mergeKey;
  const identity = (item: Json) => canonicalJson(mergeKey === undefined ? item : keyOf(item, mergeKey));
  if (patchList !== undefined) checkOrder(patchList, order, identity);
  if (originalList === undefined) {
    const added = patchList === undefined ? undefined : asList(asNew(patchList));
    return added === undefined ? original : arrange(added, [], order, identity);
  }
  if (patchList === undefined) return arrange(originalList, originalList, order, identity);
  if (field.patch?.strategy !== "merge") return arrange(patchList, originalList, order, identity);
  return mergeList(originalList, patchList, field, order);
}

/** Each item that the patch sets must be in the order, and the two must agree. */
function checkOrder(patch: readonly Json[], order: readonly Json[], identity: (item: Json) => string): void {
  if (order.length === 0) return;
  const ids = order.map(identity);
  let next = 0;
  for (const item of patch) {
    if (asMap(item)?.[PATCH] !== undefined) continue;
    const found = ids.indexOf(identity(item), next);
    if (found === -1) throw invalidPatch("the order of a list does not match its $setElementOrder");
    next = found + 1;
  }
}

const UNKNOWN_FIELD: FieldSchema = { type: deducedSchema };

function fieldOf(schema: TypeSchema, name: string): FieldSchema {
  const others = schema.map?.others();
  return schema.map?.field(name) ?? (others === undefined ? UNKNOWN_FIELD : { type: others });
}
