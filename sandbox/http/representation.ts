import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { tableOf } from "./table.ts";
import type { ResourceDefinition } from "../store/types.ts";

/** How a client wants objects: whole, their metadata alone, or rows for people. */
export type Shape = "object" | "metadata" | "table";

export function shapeOf(accept: string): Shape {
  for (const part of accept.split(",")) {
    if (part.includes("as=Table")) return "table";
    if (part.includes("as=PartialObjectMetadata")) return "metadata";
    if (part.includes("application/json")) return "object";
  }
  return "object";
}

/** One object in a shape. */
export function represent(
  shape: Shape,
  definition: ResourceDefinition,
  object: KubeObject,
  now: Date,
): JsonObject {
  if (shape === "table") return tableOf(definition, [object], object.metadata, now);
  return shape === "metadata" ? metadataOf(object) : object;
}

/** A list in a shape. */
export function representList(
  shape: Shape,
  definition: ResourceDefinition,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  now: Date,
): JsonObject {
  if (shape === "table") return tableOf(definition, objects, metadata, now);
  if (shape === "metadata") {
    return {
      kind: "PartialObjectMetadataList",
      apiVersion: "meta.k8s.io/v1",
      metadata,
      items: objects.map(metadataOf),
    };
  }
  const apiVersion =
    definition.group === "" ? definition.version : `${definition.group}/${definition.version}`;
  const items = objects.map((object) => ({ ...object, apiVersion }));
  return { kind: `${definition.kind}List`, apiVersion, metadata, items };
}

function metadataOf(object: KubeObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata };
}
