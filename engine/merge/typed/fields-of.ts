import type { Json } from "../../model/kube-object.ts";
import { type FieldSet, FieldSetBuilder, type Path, typeOfField } from "../fields/field-set.ts";
import { fieldElement } from "../fields/path-element.ts";
import type { ListSchema, MapSchema, TypeSchema } from "../schema/type-schema.ts";
import { itemElement } from "./list-item.ts";
import { asList, asMap, shapeOf } from "./shape.ts";

/**
 * The fields that a manager owns who applied this value: each leaf (a scalar, an atomic list or map, an empty or
 * null map), each item of a set or keyed list, and each entry of a map whose keys are not declared. The value must
 * fit the schema.
 */
export function fieldsOf(value: Json, schema: TypeSchema): FieldSet {
  const builder = new FieldSetBuilder();
  collect(value, schema, [], builder);
  return builder.build();
}

function collect(value: Json, schema: TypeSchema, path: Path, builder: FieldSetBuilder): void {
  const shape = shapeOf(schema, value);
  if (shape.kind === "scalar") builder.add(path);
  else if (shape.kind === "map") collectMap(value, shape.map, path, builder);
  else collectList(value, shape.list, path, builder);
}

function collectMap(value: Json, schema: MapSchema, path: Path, builder: FieldSetBuilder): void {
  if (schema.kind === "atomic") return builder.add(path);
  for (const [name, child] of Object.entries(asMap(value) ?? {})) {
    const below = [...path, fieldElement(name)];
    const type = typeOfField(schema, name);
    if (type !== undefined) collect(child, type, below, builder);
    const isEmpty = child === null || Object.keys(asMap(child) ?? { some: "" }).length === 0;
    if (isEmpty || schema.field(name) === undefined) builder.add(below);
  }
}

function collectList(value: Json, schema: ListSchema, path: Path, builder: FieldSetBuilder): void {
  if (schema.kind === "atomic") return builder.add(path);
  const items = (asList(value) ?? []).map((item) => ({ item, element: itemElement(schema, item) }));
  const counts = Map.groupBy(items, ({ element }) => element);
  for (const [element, same] of counts) {
    const below = [...path, element];
    builder.add(below);
    const [only] = same;
    // items that share a key are owned as one
    if (only !== undefined && same.length === 1) collect(only.item, schema.item(), below, builder);
  }
}
