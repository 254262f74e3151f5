import type { KubeObject } from "../../model/kube-object.ts";
import type { FieldSchema } from "../schema/type-schema.ts";
import { applyOverride } from "./apply-override.ts";
import { diffMaps } from "./diff-values.ts";
import {
  byIdentity,
  type DocumentNode,
  readDocument,
  type SchemaOf,
  wholeObject,
  writeDocument,
} from "./document.ts";
import { layMap } from "./lay-node.ts";
import { REMOVE } from "./patch-node.ts";
import { sameValue } from "./values.ts";

export interface Editing {
  /** The profile's objects that the user saw with the override applied. */
  readonly base: readonly KubeObject[];
  readonly override: readonly KubeObject[];
  /** What the user made of them. */
  readonly edited: readonly KubeObject[];
  readonly schemaOf: SchemaOf;
}

/**
 * Lays an edit over an override: each path that the user changed is set, or removed where it now equals the profile's;
 * all other paths stay. Documents that the edit does not touch are returned as they are. Applied to `base`, the result
 * gives `edited`. Throws `invalid-patch`, `object-duplicate`, `field-reserved`.
 */
export function layOver({ base, override, edited, schemaOf }: Editing): readonly KubeObject[] {
  const shown = byIdentity(applyOverride(base, override, schemaOf).objects);
  const profile = byIdentity(base);
  const wanted = byIdentity(edited);
  const result = new Map(byIdentity(override));
  for (const key of new Set([...shown.keys(), ...wanted.keys()])) {
    if (sameValue(shown.get(key), wanted.get(key))) continue;
    const document = layDocument(result.get(key), {
      base: profile.get(key),
      shown: shown.get(key),
      edited: wanted.get(key),
      schemaOf,
    });
    if (document === undefined) result.delete(key);
    else result.set(key, document);
  }
  return [...result.values()];
}

/** The override that makes `after` of `before`: one document for each object that is changed, added or removed. */
export function diffObjects(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  schemaOf: SchemaOf,
): readonly KubeObject[] {
  return layOver({ base: before, override: [], edited: after, schemaOf });
}

interface EditedObject {
  readonly base: KubeObject | undefined;
  readonly shown: KubeObject | undefined;
  readonly edited: KubeObject | undefined;
  readonly schemaOf: SchemaOf;
}

function layDocument(document: KubeObject | undefined, object: EditedObject): KubeObject | undefined {
  const { base, edited } = object;
  if (edited === undefined) return base && writeDocument(document ?? base, REMOVE);
  const node = layObject(document, object, edited);
  return node && writeDocument(node.kind === "map" ? (document ?? edited) : edited, node);
}

function layObject(
  document: KubeObject | undefined,
  { base, shown, schemaOf }: EditedObject,
  edited: KubeObject,
): DocumentNode | undefined {
  const whole = () => (sameValue(base, edited) ? undefined : wholeObject(edited));
  // the group and kind are the same; another version of the schema is another object to a patch
  if (base === undefined || base.apiVersion !== edited.apiVersion) return whole();
  const field: FieldSchema = { type: schemaOf(base) };
  const node = document && readDocument(document, field.type);
  if (node?.kind === "value") return whole();
  if (node?.kind !== "map") return diffMaps(base, edited, field);
  const change = diffMaps(shown, edited, field);
  return change === undefined ? node : layMap(node, change, { base, shown, edited, field });
}
