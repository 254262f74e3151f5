import { EngineError } from "../../model/errors.ts";
import {
  describeId,
  type Json,
  type JsonObject,
  type KubeObject,
  objectIdOf,
  objectKey,
} from "../../model/kube-object.ts";
import { PATCH } from "../patch/strategic/directives.ts";
import type { TypeSchema } from "../schema/type-schema.ts";
import { asMap } from "../typed/shape.ts";
import { type ListNode, type MapNode, mapNode, type PatchNode, valueNode } from "./patch-node.ts";
import { readMap } from "./read-node.ts";
import { writeMap, writeNode } from "./write-node.ts";

const METADATA = "metadata";
/** Fields that say which object a document is about, and are no part of the patch. */
const HEAD: ReadonlySet<string> = new Set(["apiVersion", "kind"]);
const METADATA_HEAD: ReadonlySet<string> = new Set(["name", "namespace"]);

/** What a document does: `value` is the whole object, `map` patches it, `remove` deletes it. */
export type DocumentNode = Exclude<PatchNode, ListNode>;

/** The schema of an object, found by its apiVersion and kind. */
export type SchemaOf = (object: KubeObject) => TypeSchema;

/**
 * Reads one document of an override. `schema` is that of the object in the profile, or of the document where the profile has none.
 * Throws `invalid-patch`.
 */
export function readDocument(document: KubeObject, schema: TypeSchema): DocumentNode {
  const object = describeId(objectIdOf(document));
  try {
    const node = readMap(document, { type: schema }, []);
    return node.kind === "map" ? withoutHead(node) : node;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const place = [object, error.place.object].filter((part) => part !== undefined && part !== "");
    throw new EngineError(error.code, error.message, { object: place.join(" "), cause: error });
  }
}

function withoutHead(node: MapNode): MapNode {
  const metadata = node.fields.get(METADATA);
  if (metadata?.kind !== "map")
    throw new EngineError("invalid-patch", "an override cannot replace or remove the metadata of an object");
  const fields = new Map<string, PatchNode>();
  for (const [name, child] of node.fields) {
    if (name !== METADATA && !HEAD.has(name)) fields.set(name, child);
    if (name !== METADATA) continue;
    const left = new Map([...metadata.fields].filter(([each]) => !METADATA_HEAD.has(each)));
    if (left.size > 0 || metadata.retain !== undefined) fields.set(name, mapNode(left, metadata.retain));
  }
  return mapNode(fields, node.retain);
}

/** The document that says by the head of `about` which object it patches. Throws `field-reserved`. */
export function writeDocument(about: KubeObject, node: DocumentNode): KubeObject {
  const { apiVersion, kind } = about;
  const { name, namespace } = about.metadata;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  if (node.kind === "remove") return { apiVersion, kind, metadata, [PATCH]: "delete" };
  if (node.kind !== "map") return { ...about, ...asMap(writeNode(node, [])) };
  const { metadata: patched, ...rest } = writeMap(node, []);
  return { apiVersion, kind, metadata: { ...metadata, ...asMap(patched) }, ...rest };
}

/** The object that a value node of a document is. */
export function objectOf(document: KubeObject, value: Json): KubeObject {
  return asObject(document, asMap(value) ?? {});
}

/** A patched object, which is the same one as before. */
export function asObject({ apiVersion, kind, metadata }: KubeObject, patched: JsonObject): KubeObject {
  return { ...patched, apiVersion, kind, metadata: { ...asMap(patched[METADATA]), name: metadata.name } };
}

/** The node of an object that stands in the override as a whole. */
export function wholeObject(object: KubeObject): DocumentNode {
  return valueNode(object, true);
}

/** The objects by their identity. Throws `object-duplicate` where two have the same. */
export function byIdentity(objects: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  const index = new Map<string, KubeObject>();
  for (const object of objects) {
    const id = objectIdOf(object);
    const key = objectKey(id);
    if (index.has(key))
      throw new EngineError("object-duplicate", `${describeId(id)} stands twice`, {
        object: describeId(id),
        hint: "keep one of the two documents",
      });
    index.set(key, object);
  }
  return index;
}
