import { EngineError } from "../../model/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/kube-object.ts";
import type { FieldSet } from "./field-set.ts";
import { canonicalElement, compareElements, type PathElement } from "./path-element.ts";

/**
 * A set as FieldsV1, the value of `fieldsV1` in a managedFields entry. Equal sets give equal JSON texts, and the
 * order is the API server's.
 */
export function encodeFields(set: FieldSet): JsonObject {
  const elements = new Set([...set.members, ...set.children.keys()]);
  const fields: [PathElement, Json][] = [];
  for (const element of [...elements].toSorted(compareElements)) {
    const child = set.children.get(element);
    const own = set.members.has(element) && child !== undefined ? { ".": {} } : {};
    fields.push([element, child === undefined ? {} : { ...own, ...encodeFields(child) }]);
  }
  return Object.fromEntries(fields);
}

/** The set that FieldsV1 stands for. Throws `invalid-fields`. */
export function decodeFields(fields: Json): FieldSet {
  if (!isJsonObject(fields)) {
    throw new EngineError("invalid-fields", "managedFields: fieldsV1 is no object");
  }
  const members = new Set<PathElement>();
  const children = new Map<PathElement, FieldSet>();
  for (const [text, below] of Object.entries(fields)) {
    if (text === ".") continue;
    const element = canonicalElement(text);
    if (element === undefined) continue;
    const child = decodeFields(below);
    const isLeaf = child.members.size === 0 && child.children.size === 0;
    if (isLeaf || (isJsonObject(below) && "." in below)) members.add(element);
    if (!isLeaf) children.set(element, child);
  }
  return { members, children };
}
