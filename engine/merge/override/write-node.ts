import { EngineError } from "../../model/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/kube-object.ts";
import { fieldElement } from "../fields/path-element.ts";
import { DELETE_FROM_LIST, PATCH, RETAIN_KEYS, SET_ORDER } from "../patch/strategic/directives.ts";
import { asList } from "../typed/shape.ts";
import { formatOverridePath, type OverridePath } from "./path.ts";
import type { ListNode, MapNode, PatchNode } from "./patch-node.ts";

/**
 * The patch of an object as it stands in a file: the inverse of readMap. Throws `field-reserved` for a field that has
 * the name of a directive.
 */
export function writeMap(node: MapNode, path: OverridePath): JsonObject {
  const written: [string, Json][] = node.retain === undefined ? [] : [[RETAIN_KEYS, node.retain]];
  for (const [name, child] of node.fields) {
    const below = [...path, fieldElement(name)];
    if (isReserved(name)) throw reserved(below);
    if (child.kind === "list") written.push(...writeList(name, child, below));
    else written.push([name, writeNode(child, below)]);
  }
  return Object.fromEntries(written);
}

/** The patch of one place as it stands in a file. Throws `field-reserved`. */
export function writeNode(node: Exclude<PatchNode, ListNode>, path: OverridePath): Json {
  if (node.kind === "remove") return null;
  if (node.kind === "map") return writeMap(node, path);
  if (!node.replace) return node.value;
  const list = asList(node.value);
  if (list !== undefined) return [{ [PATCH]: "replace" }, ...list];
  if (!isJsonObject(node.value)) return node.value;
  if (Object.hasOwn(node.value, PATCH)) throw reserved([...path, fieldElement(PATCH)]);
  return { [PATCH]: "replace", ...node.value };
}

function writeList(name: string, node: ListNode, path: OverridePath): [string, Json][] {
  const written: [string, Json][] = [];
  if (node.order !== undefined) written.push([`${SET_ORDER}${name}`, [...node.order.values()]]);
  const items: Json[] = [];
  const deletions: Json[] = [];
  for (const [id, { where, change }] of node.items) {
    if (change.kind === "remove" && isJsonObject(where)) items.push({ ...where, [PATCH]: "delete" });
    else if (change.kind === "remove") deletions.push(where);
    else items.push(change.kind === "map" ? writeMap(change, [...path, id]) : where);
  }
  if (deletions.length > 0) written.push([`${DELETE_FROM_LIST}${name}`, deletions]);
  if (items.length > 0 || node.empty) written.push([name, items]);
  return written;
}

const DIRECTIVES = [SET_ORDER, DELETE_FROM_LIST];

/** True for names of fields that a patch reads as directives, and for those that paths give them. */
function isReserved(name: string): boolean {
  return (
    name === PATCH || name === RETAIN_KEYS || DIRECTIVES.some((directive) => `${name}/`.startsWith(directive))
  );
}

function reserved(path: OverridePath): EngineError {
  return new EngineError("field-reserved", "an override cannot hold a field with the name of a directive", {
    object: formatOverridePath(path),
    hint: "change this field in the profile",
  });
}
