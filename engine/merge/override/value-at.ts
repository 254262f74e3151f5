import type { Json, JsonObject } from "../../model/kube-object.ts";
import type { Path } from "../fields/field-set.ts";
import { fieldName, type PathElement } from "../fields/path-element.ts";
import type { FieldSchema } from "../schema/type-schema.ts";
import { asList, asMap } from "../typed/shape.ts";
import { fieldSchema, identify, listKindOf } from "./list-kind.ts";
import { fieldIn, present } from "./values.ts";

/** `absent`: nothing is at the place; `no-item`: it is inside of a list item that is not there. */
type Found = { readonly state: "found"; readonly value: Json } | { readonly state: "absent" | "no-item" };

/** What is at a place of a value. Items of lists are found by their keys, with their defaults. */
export function valueAt(value: Json | undefined, path: Path, field: FieldSchema): Found {
  const [element, ...rest] = path;
  if (element === undefined) {
    const found = present(value);
    return found === undefined ? { state: "absent" } : { state: "found", value: found };
  }
  const name = fieldName(element);
  if (name !== undefined) return valueAt(fieldIn(asMap(value), name), rest, fieldSchema(field.type, name));
  const { list, items, index } = itemAt(value, element, field);
  if (index === -1) return { state: rest.length === 0 ? "absent" : "no-item" };
  return list.kind === "atomic" ? { state: "absent" } : valueAt(items[index], rest, list.item);
}

/**
 * The value with another at one of its places, or with none where `next` is undefined; a map or list that is left empty
 * by that goes too. Maps around the place are made, items of lists are not: inside of one that is not there, nothing is
 * put.
 */
export function putValue(
  value: Json | undefined,
  path: Path,
  next: Json | undefined,
  field: FieldSchema,
): Json | undefined {
  const [element, ...rest] = path;
  if (element === undefined) return next;
  const name = fieldName(element);
  return name === undefined
    ? putItem(value, element, rest, next, field)
    : putField(value, name, rest, next, field);
}

function putField(
  value: Json | undefined,
  name: string,
  rest: Path,
  next: Json | undefined,
  field: FieldSchema,
): Json | undefined {
  const map = asMap(value);
  if (map === undefined && present(value) !== undefined) return value;
  const before = fieldIn(map, name);
  const after = putValue(before, rest, next, fieldSchema(field.type, name));
  if (after === before) return value;
  if (after !== undefined) return { ...map, [name]: after };
  const { [name]: _gone, ...left }: JsonObject = map ?? {};
  return Object.keys(left).length === 0 ? undefined : left;
}

function putItem(
  value: Json | undefined,
  element: PathElement,
  rest: Path,
  next: Json | undefined,
  field: FieldSchema,
): Json | undefined {
  const { list, items, index } = itemAt(value, element, field);
  if (list.kind === "atomic" || (index === -1 && (rest.length > 0 || next === undefined))) return value;
  const after = putValue(items[index], rest, next, list.item);
  if (after === undefined) return items.length === 1 ? undefined : items.toSpliced(index, 1);
  return index === -1 ? [...items, after] : items.with(index, after);
}

function itemAt(value: Json | undefined, element: PathElement, field: FieldSchema) {
  const list = listKindOf(field);
  const items = asList(value) ?? [];
  const index = list.kind === "atomic" ? -1 : items.findIndex((item) => identify(list, item) === element);
  return { list, items, index };
}
