import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type Json, type JsonObject } from "../../engine/model/kube-object.ts";
import { listAt, mapAt } from "../store/parts.ts";
import type { FieldProblem } from "./status-error.ts";

/** Fills in the `default`s of an OpenAPI v3 schema, as a custom resource is stored; what is there wins. */
export function withSchemaDefaults(value: Json, schema: JsonObject): Json {
  if (Array.isArray(value)) {
    const items = mapAt(schema, "items");
    return (value as readonly Json[]).map((item) => withSchemaDefaults(item, items));
  }
  if (!isJsonObject(value)) return value;
  const properties = mapAt(schema, "properties");
  const filled: [string, Json][] = Object.entries(value).map(([key, child]) => [
    key,
    withSchemaDefaults(child, schemaOfField(schema, key)),
  ]);
  for (const [key, property] of Object.entries(properties)) {
    const fallback = isJsonObject(property) ? property.default : undefined;
    if (fallback !== undefined && !Object.hasOwn(value, key))
      filled.push([key, withSchemaDefaults(fallback, mapAt(property))]);
  }
  return Object.fromEntries(filled);
}

function schemaOfField(schema: JsonObject, key: string): JsonObject {
  const properties = mapAt(schema, "properties");
  return Object.hasOwn(properties, key) ? mapAt(properties, key) : mapAt(schema, "additionalProperties");
}

/** Where a custom resource does not fit its schema: type, required, enum, range and length. CEL rules are not run. */
export function schemaProblems(value: Json, schema: JsonObject, path: string): FieldProblem[] {
  const problems = [...typeProblems(value, schema, path), ...rangeProblems(value, schema, path)];
  if (problems.length > 0) return problems;
  if (Array.isArray(value)) {
    const items = mapAt(schema, "items");
    return (value as readonly Json[]).flatMap((item, index) =>
      schemaProblems(item, items, `${path}[${index}]`),
    );
  }
  if (!isJsonObject(value)) return [];
  const below = (key: string) => (path === "" ? key : `${path}.${key}`);
  const missing = listAt(schema, "required").flatMap((key) =>
    typeof key === "string" && !Object.hasOwn(value, key)
      ? [{ field: below(key), message: "Required value", reason: "FieldValueRequired" }]
      : [],
  );
  const inside = Object.entries(value).flatMap(([key, child]) =>
    schemaProblems(child, schemaOfField(schema, key), below(key)),
  );
  return [...missing, ...inside];
}

function typeProblems(value: Json, schema: JsonObject, field: string): FieldProblem[] {
  const { type, nullable } = schema;
  if (value === null && nullable === true) return [];
  if (schema["x-kubernetes-int-or-string"] === true || typeof type !== "string") return [];
  const got = typeOf(value);
  if (got === type || (type === "number" && got === "integer")) return [];
  const shown = JSON.stringify(got);
  return [
    {
      field,
      message: `Invalid value: ${shown}: ${field} in body must be of type ${type}: ${shown}`,
      reason: "FieldValueTypeInvalid",
    },
  ];
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function rangeProblems(value: Json, schema: JsonObject, field: string): FieldProblem[] {
  const choices = listAt(schema, "enum");
  if (choices.length > 0 && !choices.some((choice) => isDeepStrictEqual(choice, value))) {
    const supported = choices.map((choice) => JSON.stringify(choice)).join(", ");
    const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
    return [{ field, message, reason: "FieldValueNotSupported" }];
  }
  const should = (rule: string): FieldProblem[] => [
    { field, message: `Invalid value: ${JSON.stringify(value)}: ${field} in body should ${rule}` },
  ];
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  if (typeof value === "number") {
    if (typeof minimum === "number" && value < minimum)
      return should(`be greater than or equal to ${minimum}`);
    if (typeof maximum === "number" && value > maximum) return should(`be less than or equal to ${maximum}`);
  }
  if (typeof value === "string") {
    const length = Array.from(value).length; // in code points, as the API server counts
    if (typeof minLength === "number" && length < minLength)
      return should(`be at least ${minLength} chars long`);
    if (typeof maxLength === "number" && length > maxLength)
      return [
        { field, message: `Too long: may not be more than ${maxLength} bytes`, reason: "FieldValueTooLong" },
      ];
  }
  if (Array.isArray(value)) {
    if (typeof minItems === "number" && value.length < minItems)
      return should(`have at least ${minItems} items`);
    if (typeof maxItems === "number" && value.length > maxItems)
      return [
        {
          field,
          message: `Too many: ${value.length}: must have at most ${maxItems} items`,
          reason: "FieldValueTooMany",
        },
      ];
  }
  return [];
}
