import type { Json, JsonObject } from "../../model/kube-object.ts";
import {
  DELETE_FROM_LIST,
  invalidPatch,
  PATCH,
  readPatch,
  RETAIN_KEYS,
  SET_ORDER,
} from "../patch/strategic/directives.ts";
import { formatOverridePath, type OverridePath } from "./path.ts";
import type { FieldSchema } from "../schema/type-schema.ts";
import { asList, asMap } from "../typed/shape.ts";
import { fieldElement, type PathElement } from "../fields/path-element.ts";
import { fieldSchema, identify, listKindOf, type MergingList, whereOf } from "./list-kind.ts";
import { type ItemPatch, type ListNode, mapNode, type PatchNode, REMOVE, valueNode } from "./patch-node.ts";

/** Reads the patch of one place. Throws `invalid-patch` with the path. */
export function readNode(patch: Json, field: FieldSchema, path: OverridePath): PatchNode {
  if (patch === null) return REMOVE;
  const map = asMap(patch);
  if (map !== undefined) return readMap(map, field, path);
  const list = asList(patch);
  return list === undefined ? valueNode(patch) : readList(list, field, path);
}

/** Reads the patch of an object, as readNode does. */
export function readMap(
  patch: JsonObject,
  field: FieldSchema,
  path: OverridePath,
): Exclude<PatchNode, ListNode> {
  const { [PATCH]: directive, ...rest } = patch;
  if (directive === "delete") return REMOVE;
  if (directive === "replace") return valueNode(rest, true);
  if (directive !== undefined)
    throw invalidPatch(`${PATCH} must be replace or delete`, { object: formatOverridePath(path) });

  const { fields, orders, deletions, retainKeys } = readPatch(patch, { object: formatOverridePath(path) });
  const nodes = new Map<string, PatchNode>();
  for (const name of new Set(Object.keys(patch).map(fieldOf))) {
    if (name === RETAIN_KEYS) continue;
    const below = [...path, fieldElement(name)];
    const schema = fieldSchema(field.type, name);
    const [order, deletion] = [orders.get(name), deletions.get(name)];
    const value = fields.get(name);
    if (order === undefined && deletion === undefined) {
      if (value !== undefined) nodes.set(name, readNode(value, schema, below));
    } else nodes.set(name, readDirected({ value, order, deletion }, schema, below));
  }
  return mapNode(nodes, retainKeys?.map(String));
}

/** The field that a key of a patch is about. */
function fieldOf(key: string): string {
  const directive = [SET_ORDER, DELETE_FROM_LIST].find((each) => key.startsWith(each)) ?? "";
  return key.slice(directive.length);
}

interface Directed {
  readonly value: Json | undefined;
  readonly order: readonly Json[] | undefined;
  readonly deletion: readonly Json[] | undefined;
}

/** A list whose order or deletions stand in fields of their own beside it. */
function readDirected(
  { value, order, deletion }: Directed,
  field: FieldSchema,
  path: OverridePath,
): ListNode {
  const refuse = (why: string) => invalidPatch(why, { object: formatOverridePath(path) });
  const list = listKindOf(field);
  if (list.kind === "atomic")
    throw refuse(
      "$setElementOrder and $deleteFromPrimitiveList are for lists that merge; this one is one value",
    );
  const node = value === undefined ? undefined : readNode(value, field, path);
  if (node !== undefined && node.kind !== "list")
    throw refuse(
      "$setElementOrder and $deleteFromPrimitiveList do not go with a value that replaces the list",
    );
  if (deletion !== undefined && list.kind !== "set")
    throw refuse("$deleteFromPrimitiveList is for lists of scalars; give the item $patch: delete");

  const items = new Map(node?.items);
  for (const item of deletion ?? []) {
    const id = identify(list, item);
    if (id === undefined) throw refuse("$deleteFromPrimitiveList names scalars only");
    items.set(id, { where: item, change: REMOVE });
  }
  const named = order?.map((entry): [PathElement, Json] => {
    const id = identify(list, entry);
    if (id === undefined) throw refuse("an entry of $setElementOrder lacks the key of its list");
    return [id, entry];
  });
  return {
    kind: "list",
    items,
    order: named === undefined ? undefined : new Map(named),
    empty: node?.empty ?? false,
  };
}

function readList(patch: readonly Json[], field: FieldSchema, path: OverridePath): PatchNode {
  const list = listKindOf(field);
  if (list.kind === "atomic") {
    return isReplaceMark(patch[0]) ? valueNode(patch.slice(1), true) : valueNode(patch);
  }
  const mark = patch.findIndex(isReplaceMark);
  if (mark >= 0) return valueNode(patch.toSpliced(mark, 1), true);
  const items = new Map<PathElement, ItemPatch>();
  for (const item of patch) {
    const id = identify(list, item);
    if (id === undefined) throw invalidPatch(lacksIdentity(list), { object: formatOverridePath(path) });
    if (items.has(id))
      throw invalidPatch("two items are the same one", { object: formatOverridePath([...path, id]) });
    items.set(id, { where: whereOf(list, item), change: readItem(item, list, [...path, id]) });
  }
  return { kind: "list", items, order: undefined, empty: items.size === 0 };
}

function readItem(item: Json, list: MergingList, path: OverridePath): PatchNode {
  const map = asMap(item);
  if (map === undefined) return valueNode(item);
  const node = readMap(map, list.item, path);
  if (node.kind === "value")
    throw invalidPatch("$patch: replace is for a whole list; it stands in an item of its own", {
      object: formatOverridePath(path),
    });
  return node;
}

/** An item that is nothing but `$patch: replace`: the others are the whole list. */
export function isReplaceMark(item: Json | undefined): boolean {
  const map = asMap(item);
  return map !== undefined && map[PATCH] === "replace" && Object.keys(map).length === 1;
}

function lacksIdentity(list: MergingList): string {
  if (list.kind === "set") return "items of this list are scalars";
  return `an item sets none of the keys of its list (${list.keys.join(", ")}); to replace the whole list, begin it with an item $patch: replace`;
}
