import type { Json } from "../../model/kube-object.ts";
import { typeOfField } from "../fields/field-set.ts";
import type { FieldSchema, MapSchema, TypeSchema } from "../schema/type-schema.ts";
import { asList, asMap, shapeOf } from "./shape.ts";

/**
 * The value as an API server holds it that keeps the kind as a Go struct: nulls and empty lists and maps are left
 * out, what it always writes (`status: {}`, `resources: {}`) is there. Custom resources stay as they are.
 */
export function asStored(value: Json, schema: TypeSchema): Json {
  const shape = shapeOf(schema, value);
  if (shape.kind === "scalar") return value;
  if (shape.kind === "list") {
    const items = asList(value);
    return items === undefined ? value : items.map((item) => asStored(item, shape.list.item()));
  }
  const map = asMap(value);
  return map === undefined ? value : storedMap(map, shape.map);
}

function storedMap(map: Readonly<Record<string, Json>>, schema: MapSchema): Json {
  const stored: [string, Json][] = [];
  for (const [name, child] of Object.entries(map)) {
    const field = schema.field(name);
    const type = typeOfField(schema, name);
    if (type === undefined) continue;
    const value = child === null && field?.empty === "written" ? emptyOf(field) : asStored(child, type);
    if (field?.empty !== "dropped" || !isDropped(value, type)) stored.push([name, value]);
  }
  for (const [name, field] of schema.fields()) {
    if (field.empty === "written" && !Object.hasOwn(map, name)) stored.push([name, emptyOf(field)]);
  }
  return Object.fromEntries(stored);
}

/** A struct is written with what it always has; a list or map that was never set is null. */
function emptyOf(field: FieldSchema): Json {
  return isStruct(field.type) ? asStored({}, field.type) : null;
}

function isDropped(value: Json, type: TypeSchema): boolean {
  if (value === null) return true;
  if (asList(value)?.length === 0) return true;
  const map = asMap(value);
  return map !== undefined && Object.keys(map).length === 0 && !isStruct(type) && type.scalar === undefined;
}

function isStruct(type: TypeSchema): boolean {
  return type.map !== undefined && type.map.others() === undefined;
}
