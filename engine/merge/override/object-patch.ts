import type { JsonObject } from "../../model/kube-object.ts";
import type { TypeSchema } from "../schema/type-schema.ts";
import { asMap } from "../typed/shape.ts";
import { applyNode } from "./apply-node.ts";
import { diffMaps } from "./diff-values.ts";
import { readMap } from "./read-node.ts";
import { writeMap } from "./write-node.ts";

/**
 * The smallest strategic merge patch that makes `b` of `a`, empty where they are equal. The order of fields does not
 * count, that of list items does, and a field that is null is absent. Throws `field-reserved` where a changed field has
 * the name of a directive.
 *
 * Objects merge field by field, keyed lists item by item, and sets by value; `null` removes a field, `$patch: delete`
 * an item, `$deleteFromPrimitiveList/<list>` a value. Atomic lists are written as a whole. Directives say what cannot
 * be seen: `$setElementOrder/<list>` the order where new items are not last or items moved, `$retainKeys` what stays of
 * fields that exclude each other, and an item `$patch: replace` that a list which could merge is replaced.
 */
export function diffObject(a: JsonObject, b: JsonObject, schema: TypeSchema): JsonObject {
  const node = diffMaps(a, b, { type: schema });
  return node === undefined ? {} : writeMap(node, []);
}

/**
 * The object after the patch: `applyPatch(diffObject(a, b), a)` equals `b`. Throws `invalid-patch`.
 *
 * Not all is as kubectl and the API server have it (strategicMergePatch is):
 * - lists are keyed by all of `x-kubernetes-list-map-keys`, with the defaults of keys, and so are custom resources,
 *   which the API server refuses to patch so;
 * - an item that the patch adds comes last, where the API server puts it first; `$setElementOrder` need not name each
 *   item that the patch sets;
 * - a set merges whether or not Kubernetes says so for patches, and may begin with an item `$patch: replace`;
 * - an object merges wherever it stands, also a selector that Kubernetes replaces; `$patch: delete` in an object
 *   removes it, where the API server leaves an empty one;
 * - `$patch: replace` and atomic lists take what they hold as it is, nulls and directives in it too;
 * - one patch may not name an item twice.
 */
export function applyPatch(patch: JsonObject, a: JsonObject, schema: TypeSchema): JsonObject {
  const field = { type: schema };
  return asMap(applyNode(readMap(patch, field, []), a, field)) ?? {};
}
