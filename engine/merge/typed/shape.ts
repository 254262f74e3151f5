import { isJsonObject, type Json, type JsonObject } from "../../model/kube-object.ts";
import type { ListSchema, MapSchema, ScalarKind, TypeSchema } from "../schema/type-schema.ts";

/** What a value is treated as, of the shapes that its schema allows. */
export type Shape =
  | { readonly kind: "map"; readonly map: MapSchema }
  | { readonly kind: "list"; readonly list: ListSchema }
  | { readonly kind: "scalar"; readonly scalar: ScalarKind };

/** The shape that the value has; where it has none of the schema's (or is null or absent), the schema's first. */
export function shapeOf(schema: TypeSchema, value: Json | undefined): Shape {
  if (Array.isArray(value)) {
    if (schema.list !== undefined) return { kind: "list", list: schema.list };
  } else if (isJsonObject(value)) {
    if (schema.map !== undefined) return { kind: "map", map: schema.map };
  } else if (value !== null && value !== undefined && schema.scalar !== undefined) {
    return { kind: "scalar", scalar: schema.scalar };
  }
  if (schema.map !== undefined) return { kind: "map", map: schema.map };
  if (schema.scalar !== undefined) return { kind: "scalar", scalar: schema.scalar };
  if (schema.list !== undefined) return { kind: "list", list: schema.list };
  throw new Error("a schema without any shape");
}

/** The value where it is a list, else undefined. */
export function asList(value: Json | undefined): readonly Json[] | undefined {
  // Array.isArray does not narrow readonly arrays
  return Array.isArray(value) ? (value as readonly Json[]) : undefined;
}

/** The value where it is an object, else undefined. */
export function asMap(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
