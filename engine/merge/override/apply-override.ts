import type { Problem } from "../../model/errors.ts";
import { describeId, type KubeObject, objectIdOf, objectKey } from "../../model/kube-object.ts";
import { asMap } from "../typed/shape.ts";
import { applyNode } from "./apply-node.ts";
import { asObject, byIdentity, objectOf, readDocument, type SchemaOf } from "./document.ts";

export interface Overridden {
  /** In the order of the profile's; those that the override adds come last. */
  readonly objects: readonly KubeObject[];
  /** One `override-orphaned` for each document whose object the profile does not have. */
  readonly problems: readonly Problem[];
}

/**
 * The objects of a layer with an override. A document with `$patch: replace` is the whole object, and adds it where
 * there is none; one with `$patch: delete` removes it; any other is merged into it. Objects that no document is about
 * are returned as they are. Throws `invalid-patch`, `object-duplicate`.
 */
export function applyOverride(
  objects: readonly KubeObject[],
  override: readonly KubeObject[],
  schemaOf: SchemaOf,
): Overridden {
  const documents = new Map(byIdentity(override));
  const result: KubeObject[] = [];
  for (const object of objects) {
    const key = objectKey(objectIdOf(object));
    const document = documents.get(key);
    documents.delete(key);
    const patched = document === undefined ? object : patchObject(object, document, schemaOf);
    if (patched !== undefined) result.push(patched);
  }
  const problems: Problem[] = [];
  for (const document of documents.values()) {
    const node = readDocument(document, schemaOf(document));
    if (node.kind === "value") result.push(objectOf(document, node.value));
    if (node.kind === "map") problems.push(orphaned(document));
  }
  return { objects: result, problems };
}

function patchObject(object: KubeObject, document: KubeObject, schemaOf: SchemaOf): KubeObject | undefined {
  const schema = schemaOf(object);
  const node = readDocument(document, schema);
  if (node.kind === "value") return objectOf(document, node.value);
  const patched = asMap(applyNode(node, object, { type: schema }));
  return patched && asObject(object, patched);
}

function orphaned(document: KubeObject): Problem {
  const object = describeId(objectIdOf(document));
  return {
    code: "override-orphaned",
    message: `the override changes ${object}, which the profile does not have`,
    object,
    hint: "drop the document, or name an object that is there; to add an object, write all of it with $patch: replace",
    severity: "error",
  };
}
