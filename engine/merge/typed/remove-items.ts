import type { Json } from "../../model/kube-object.ts";
import { below, type FieldSet, isEmptySet, typeOfField } from "../fields/field-set.ts";
import { fieldElement } from "../fields/path-element.ts";
import type { ListSchema, MapSchema, TypeSchema } from "../schema/type-schema.ts";
import { itemElement } from "./list-item.ts";
import { asList, asMap, shapeOf } from "./shape.ts";

/**
 * The value without the fields and items of the set. Where nothing is left inside a map or list it becomes null.
 * A path that goes into an atomic map or list takes all of it.
 */
export function removeItems(value: Json, items: FieldSet, schema: TypeSchema): Json {
  const shape = shapeOf(schema, value);
  if (shape.kind === "scalar") return value;
  return shape.kind === "map"
    ? removeFromMap(value, items, shape.map)
    : removeFromList(value, items, shape.list);
}

function removeFromMap(value: Json, items: FieldSet, schema: MapSchema): Json {
  if (schema.kind === "atomic") return null;
  const kept: [string, Json][] = [];
  for (const [name, child] of Object.entries(asMap(value) ?? {})) {
    const element = fieldElement(name);
    if (items.members.has(element)) continue;
    const inside = below(items, element);
    const type = typeOfField(schema, name);
    kept.push([name, isEmptySet(inside) || type === undefined ? child : removeItems(child, inside, type)]);
  }
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

function removeFromList(value: Json, items: FieldSet, schema: ListSchema): Json {
  if (schema.kind === "atomic") return null;
  const kept: Json[] = [];
  for (const item of asList(value) ?? []) {
    const element = itemElement(schema, item);
    if (items.members.has(element)) continue;
    const inside = below(items, element);
    kept.push(isEmptySet(inside) ? item : removeItems(item, inside, schema.item()));
  }
  return kept.length === 0 ? null : kept;
}
