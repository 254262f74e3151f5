import type { KubeObject } from "../../model/kube-object.ts";
import { fieldName } from "../fields/path-element.ts";
import type { FieldSchema } from "../schema/type-schema.ts";
import { asMap } from "../typed/shape.ts";
import { byIdentity, readDocument, type SchemaOf, writeDocument } from "./document.ts";
import { fieldSchema, listKindOf, type MergingList } from "./list-kind.ts";
import { ORDER, RETAIN } from "./path.ts";
import { type Choice, type ChosenPath, choicesByObject, unknownPath } from "./path-choice.ts";
import {
  isBare,
  type ItemPatch,
  type ListNode,
  type MapNode,
  mapNode,
  type PatchNode,
} from "./patch-node.ts";

/**
 * The override without the chosen paths, which is to take the profile's values there. Documents without a chosen path
 * are returned as they are, and those of which nothing is left are gone. Throws `path-unknown` where nothing is
 * overridden at a path, `path-invalid` and `invalid-patch`.
 */
export function dropPaths(
  override: readonly KubeObject[],
  paths: readonly ChosenPath[],
  schemaOf: SchemaOf,
): readonly KubeObject[] {
  const result = new Map(byIdentity(override));
  for (const [key, choice] of choicesByObject(paths)) {
    const document = result.get(key);
    if (document === undefined) throw unknownPath(choice);
    const type = schemaOf(document);
    const node = readDocument(document, type);
    const left = drop(node, choice, { type });
    if (left?.kind !== "map") result.delete(key);
    else result.set(key, writeDocument(document, left));
  }
  return [...result.values()];
}

/** What is left of the patch of a place. */
function drop(node: PatchNode | undefined, choice: Choice, field: FieldSchema): PatchNode | undefined {
  if (node === undefined) throw unknownPath(choice);
  if (choice.chosen) return undefined;
  if (node.kind === "map") {
    const left = dropInMap(node, choice, field);
    return isBare(left) ? undefined : left;
  }
  if (node.kind !== "list") throw unknownPath(choice);
  const left = dropInList(node, choice, field);
  return isBare(left) ? undefined : left;
}

function dropInMap(node: MapNode, choice: Choice, field: FieldSchema): MapNode {
  const fields = new Map(node.fields);
  let { retain } = node;
  for (const [element, below] of choice.below) {
    const name = fieldName(element) ?? "";
    if (element === RETAIN && retain !== undefined) retain = undefined;
    else {
      const left = drop(fields.get(name), below, fieldSchema(field.type, name));
      if (left === undefined) fields.delete(name);
      else fields.set(name, left);
    }
  }
  return mapNode(fields, retain);
}

function dropInList(node: ListNode, choice: Choice, field: FieldSchema): ListNode {
  const list = listKindOf(field);
  if (list.kind === "atomic") throw new Error("a patch that was read merges only lists that merge");
  const items = new Map(node.items);
  let { order } = node;
  for (const [element, below] of choice.below) {
    if (element === ORDER && order !== undefined) order = undefined;
    else {
      const left = dropInItem(items.get(element), below, list);
      if (left === undefined) items.delete(element);
      else items.set(element, left);
    }
  }
  return { kind: "list", items, order, empty: node.empty };
}

/** The fields that say which item it is stay as long as any other field does. */
function dropInItem(item: ItemPatch | undefined, choice: Choice, list: MergingList): ItemPatch | undefined {
  if (item === undefined) throw unknownPath(choice);
  if (choice.chosen) return undefined;
  if (item.change.kind !== "map") throw unknownPath(choice);
  const left = dropInMap(item.change, choice, list.item);
  const where = asMap(item.where) ?? {};
  if (Object.keys(where).some((name) => !left.fields.has(name))) throw unknownPath(choice);
  const isPatch = left.retain !== undefined || left.fields.size > Object.keys(where).length;
  return isPatch ? { where, change: left } : undefined;
}
