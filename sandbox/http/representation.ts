import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { groupVersion } from "../api/registry.ts";
import { StatusError } from "../api/status-error.ts";
import type { ResourceDefinition } from "../store/types.ts";
import { tableOf } from "./table.ts";

/** How a client wants objects: whole, their metadata alone, or rows for people (with whole objects, to sort them by). */
export type Shape = "object" | "metadata" | "table" | "table-of-objects";

/** Reads the `Accept` header. Throws a 406 where it asks for what the sandbox does not speak. */
export function shapeOf(accept: string, includeObject: string): Shape {
  if (accept === "") return "object";
  for (const part of accept.split(",")) {
    if (part.includes("as=Table")) return includeObject === "Object" ? "table-of-objects" : "table";
    if (part.includes("as=PartialObjectMetadata")) return "metadata";
    if (/application\/json|\*\/\*|application\/\*/.test(part)) return "object";
  }
  const message = "406: Not Acceptable\n\nAvailable representations: application/json";
  throw new StatusError(406, "NotAcceptable", message);
}

/** One object in a shape. */
export function represent(
  shape: Shape,
  definition: ResourceDefinition,
  object: KubeObject,
  now: Date,
): JsonObject {
  if (shape === "object") return object;
  if (shape === "metadata") return metadataOf(object);
  return tableOf(definition, [object], object.metadata, now, shape === "table-of-objects");
}

/** A list in a shape. */
export function representList(
  shape: Shape,
  definition: ResourceDefinition,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  now: Date,
): JsonObject {
  if (shape === "metadata") {
    const items = objects.map(metadataOf);
    return { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata, items };
  }
  if (shape !== "object") return tableOf(definition, objects, metadata, now, shape === "table-of-objects");
  const apiVersion = groupVersion(definition);
  return {
    kind: `${definition.kind}List`,
    apiVersion,
    metadata,
    items: objects.map((object) => listItem(definition, object)),
  };
}

/** Items of built-in kinds do not repeat what the list says; those of custom kinds do. */
function listItem(definition: ResourceDefinition, object: KubeObject): JsonObject {
  const { apiVersion: _version, kind, ...rest } = object;
  return definition.openApi === undefined ? rest : { apiVersion: groupVersion(definition), kind, ...rest };
}

function metadataOf(object: KubeObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}
