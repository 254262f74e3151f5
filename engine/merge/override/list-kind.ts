import { isJsonObject, type Json } from "../../model/kube-object.ts";
import { keyElement, type PathElement, valueElement } from "../fields/path-element.ts";
import { deducedSchema } from "../schema/deduced.ts";
import type { FieldSchema, TypeSchema } from "../schema/type-schema.ts";
import { fieldIn } from "./values.ts";

/** How the items of a list are known: by key fields, by their value, or not at all (the list is one value). */
export type ListKind =
  | { readonly kind: "keyed"; readonly keys: readonly string[]; readonly item: FieldSchema }
  | { readonly kind: "set"; readonly item: FieldSchema }
  | { readonly kind: "atomic" };

/** A list whose items merge. */
export type MergingList = Exclude<ListKind, { readonly kind: "atomic" }>;

/**
 * How a list at this place merges: by `x-kubernetes-list-map-keys` where the schema has them, else by the patch merge
 * key; sets, and merging lists without a key, by value. All else, and what the schema does not know, is atomic.
 */
export function listKindOf(field: FieldSchema): ListKind {
  const { list } = field.type;
  const patch = field.patch;
  const item: FieldSchema = {
    type: list?.item() ?? deducedSchema,
    ...(patch === undefined ? {} : { patch: { retainKeys: patch.retainKeys } }),
  };
  if (list?.kind === "map") return { kind: "keyed", keys: list.keys, item };
  if (patch?.strategy === "merge") {
    return patch.mergeKey === undefined
      ? { kind: "set", item }
      : { kind: "keyed", keys: [patch.mergeKey], item };
  }
  return list?.kind === "set" ? { kind: "set", item } : { kind: "atomic" };
}

/**
 * How an item is known in its list; undefined where it has no identity. An item of a keyed list has one if it sets one
 * of the keys at least; the others count with their defaults, as the API server has it.
 */
export function identify(list: MergingList, item: Json): PathElement | undefined {
  if (list.kind === "set") {
    return item === null || typeof item === "object" ? undefined : valueElement(item);
  }
  if (!isJsonObject(item)) return undefined;
  const key = new Map<string, Json>();
  for (const name of list.keys) {
    const value = fieldIn(item, name) ?? list.item.type.map?.field(name)?.keyDefault;
    if (typeof value === "object") return undefined;
    if (value !== undefined) key.set(name, value);
  }
  const isSet = list.keys.some((name) => fieldIn(item, name) !== undefined);
  return isSet ? keyElement(Object.fromEntries(key)) : undefined;
}

/** The items by identity, in their order; undefined where one has none or two have the same: such a list is atomic. */
export function indexItems(
  list: MergingList,
  items: readonly Json[],
): ReadonlyMap<PathElement, Json> | undefined {
  const index = new Map<PathElement, Json>();
  for (const item of items) {
    const id = identify(list, item);
    if (id === undefined || index.has(id)) return undefined;
    index.set(id, item);
  }
  return index;
}

/**
 * What a patch writes to say which item it means: the scalar itself, or the key fields that the item sets to another
 * value than their default, which a patch would else write where the profile leaves it out.
 */
export function whereOf(list: MergingList, item: Json): Json {
  if (list.kind === "set" || !isJsonObject(item)) return item;
  const fields = list.keys.flatMap((name): [string, Json][] => {
    const value = fieldIn(item, name);
    return value === undefined ? [] : [[name, value]];
  });
  const telling = fields.filter(([name, value]) => value !== list.item.type.map?.field(name)?.keyDefault);
  return Object.fromEntries(telling.length === 0 ? fields.slice(0, 1) : telling);
}

const UNKNOWN_FIELD: FieldSchema = { type: deducedSchema };

/** The schema of a field of an object; the deduced one where it is not declared. */
export function fieldSchema(type: TypeSchema, name: string): FieldSchema {
  const others = type.map?.others();
  return type.map?.field(name) ?? (others === undefined ? UNKNOWN_FIELD : { type: others });
}
