import { EngineError } from "../../model/errors.ts";
import type { Json, JsonObject } from "../../model/kube-object.ts";
import { asList, asMap } from "../typed/shape.ts";
import { schemaFor } from "./builtin.ts";
import { deducedSchema, untypedSchema } from "./deduced.ts";
import type { FieldSchema, ListSchema, MapSchema, TypeSchema } from "./type-schema.ts";

/**
 * Schema of the custom resources of one version of a CustomResourceDefinition: its own list and map kinds, with
 * Kubernetes' metadata. A version without an openAPIV3Schema gives the deduced schema.
 * Throws `unknown-version` where the definition has no such version.
 */
export function schemaOfCrd(crd: JsonObject, version: string): TypeSchema {
  const spec = asMap(crd["spec"]);
  const versions = asList(spec?.["versions"])?.map(asMap) ?? [];
  const found = versions.find((candidate) => candidate?.["name"] === version);
  if (found === undefined) {
    const names = versions.map((candidate) => JSON.stringify(candidate?.["name"])).join(", ");
    throw new EngineError("unknown-version", `the CustomResourceDefinition has no version ${version}`, {
      hint: `use one of: ${names}`,
    });
  }
  const openApi = asMap(asMap(found["schema"])?.["openAPIV3Schema"]);
  if (openApi === undefined) return deducedSchema;
  const preserve = spec?.["preserveUnknownFields"] === true;
  return parseSchema({ ...openApi, type: "object", "x-kubernetes-embedded-resource": true }, preserve);
}

/** `preserve`: undeclared fields are kept, because the schema or one around it says so. */
function parseSchema(schema: JsonObject, inherited: boolean): TypeSchema {
  const preserve = inherited || schema["x-kubernetes-preserve-unknown-fields"] === true;
  switch (schema["type"]) {
    case "object":
      return { map: parseMap(schema, preserve) };
    case "array":
      return { list: parseList(schema, preserve) };
    case "string":
      return { scalar: schema["format"] === undefined || schema["format"] === "byte" ? "string" : "untyped" };
    case undefined:
      return { scalar: "untyped", list: parseList(schema, preserve), map: parseMap(schema, preserve) };
    case "boolean":
      return { scalar: "boolean" };
    case "integer":
    case "number":
      return { scalar: "numeric" };
    default:
      return { scalar: "untyped" };
  }
}

function parseMap(schema: JsonObject, preserve: boolean): MapSchema {
  const properties = asMap(schema["properties"]) ?? {};
  const fields = new Map<string, FieldSchema>();
  for (const [name, property] of Object.entries(properties)) fields.set(name, parseField(property, preserve));
  if (schema["x-kubernetes-embedded-resource"] === true) {
    for (const [name, field] of embeddedFields()) fields.set(name, field);
  }
  const others = othersOf(schema, preserve || Object.keys(properties).length === 0);
  return {
    kind: schema["x-kubernetes-map-type"] === "atomic" ? "atomic" : "granular",
    field: (name) => fields.get(name),
    fields: () => fields,
    others: () => others,
  };
}

function parseField(property: Json, preserve: boolean): FieldSchema {
  const schema = asMap(property) ?? {};
  const fallback = schema["default"];
  return {
    type: parseSchema(schema, preserve),
    ...(fallback === undefined ? {} : { keyDefault: fallback }),
  };
}

function othersOf(schema: JsonObject, preserve: boolean): TypeSchema | undefined {
  const additional = schema["additionalProperties"];
  if (additional === undefined) return preserve ? deducedSchema : undefined;
  if (additional === false) return undefined;
  return additional === true ? deducedSchema : parseSchema(asMap(additional) ?? {}, preserve);
}

function parseList(schema: JsonObject, preserve: boolean): ListSchema {
  const items = asMap(schema["items"]);
  const item = items === undefined ? untypedSchema : parseSchema(items, preserve);
  const kind = schema["x-kubernetes-list-type"];
  const keys = asList(schema["x-kubernetes-list-map-keys"])?.filter((key) => typeof key === "string") ?? [];
  if (kind === "map" && keys.length > 0) return { kind, keys, item: () => item };
  return { kind: kind === "set" ? "set" : "atomic", keys: [], item: () => item };
}

/** What every object has beside its own fields; metadata is that of the built-in kinds. */
function embeddedFields(): [string, FieldSchema][] {
  const metadata = schemaFor({ group: "", version: "v1", kind: "ConfigMap" })?.map?.field("metadata");
  if (metadata === undefined) throw new Error("the table of built-in kinds lacks ConfigMap");
  // a custom resource is kept as it was sent, not as a Go struct
  const { empty: _, ...field } = metadata;
  return [
    ["apiVersion", { type: { scalar: "string" } }],
    ["kind", { type: { scalar: "string" } }],
    ["metadata", field],
  ];
}
