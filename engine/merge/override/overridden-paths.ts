import { type Json, type KubeObject, type ObjectId, objectIdOf } from "../../model/kube-object.ts";
import { asList, asMap } from "../typed/shape.ts";
import { applyNode } from "./apply-node.ts";
import { byIdentity, readDocument, type SchemaOf } from "./document.ts";
import { listKindOf, whereOf } from "./list-kind.ts";
import { formatOverridePath, ORDER, RETAIN } from "./path.ts";
import type { PatchNode } from "./patch-node.ts";
import { present } from "./values.ts";
import { type OverriddenPlace, walkOverride } from "./walk-override.ts";

/** The directive by which a patch says what it does at a path, as it stands in the file. */
export type Directive =
  | "$patch: replace"
  | "$patch: delete"
  | "$setElementOrder"
  | "$retainKeys"
  | "$deleteFromPrimitiveList";

export interface OverriddenPath {
  readonly object: ObjectId;
  /** As formatOverridePath writes it; empty for the object as a whole. */
  readonly path: string;
  /** What the override puts there; undefined where it removes what is there. */
  readonly value: Json | undefined;
  readonly directive: Directive | undefined;
  /**
   * What the profile has there; undefined where it has nothing. For `$setElementOrder` the keys of its items, for
   * `$retainKeys` the fields that go.
   */
  readonly before: Json | undefined;
}

/**
 * What an override overrides, path by path, beside what the profile has there. An item that the override adds to a
 * list is one path, and so is an object that it adds. Throws `invalid-patch`, `object-duplicate`.
 */
export function overriddenPaths(
  objects: readonly KubeObject[],
  override: readonly KubeObject[],
  schemaOf: SchemaOf,
): readonly OverriddenPath[] {
  const profile = byIdentity(objects);
  return [...byIdentity(override)].flatMap(([key, document]) => {
    const base = profile.get(key);
    return placesOf(document, { base, theirs: base }, schemaOf).map((place) =>
      describePlace(document, place),
    );
  });
}

/** What one document overrides, beside what two states of the profile have there. */
export function placesOf(
  document: KubeObject,
  { base, theirs }: { readonly base: KubeObject | undefined; readonly theirs: KubeObject | undefined },
  schemaOf: SchemaOf,
): readonly OverriddenPlace[] {
  const field = { type: schemaOf(theirs ?? base ?? document) };
  const node = readDocument(document, field.type);
  const places: OverriddenPlace[] = [];
  // an object that is gone takes all with it that was to be changed in it
  const around = theirs === undefined && node.kind === "map" ? "gone" : "there";
  walkOverride(node, { path: [], field, base, theirs, around }, (place) => places.push(place));
  return places;
}

export function describePlace(document: KubeObject, place: OverriddenPlace): OverriddenPath {
  return {
    object: objectIdOf(document),
    path: formatOverridePath(place.path),
    value: valueOf(place.change, place),
    directive: directiveOf(place),
    before: viewOf(place, place.base),
  };
}

function valueOf(change: PatchNode, { field }: OverriddenPlace): Json | undefined {
  if (change.kind === "list" && change.order !== undefined) return [...change.order.values()];
  if (change.kind === "map" && change.retain !== undefined && change.fields.size === 0) return change.retain;
  return applyNode(change, undefined, field);
}

function directiveOf({ path, change }: OverriddenPlace): Directive | undefined {
  const last = path.at(-1);
  if (last === ORDER) return "$setElementOrder";
  if (last === RETAIN) return "$retainKeys";
  if (change.kind === "value" && change.replace) return "$patch: replace";
  if (change.kind !== "remove" || last?.startsWith("f:")) return undefined;
  return last?.startsWith("v:") ? "$deleteFromPrimitiveList" : "$patch: delete";
}

/** What the profile has at a place: the value, or the part of it that the change is about. */
export function viewOf({ path, change, field }: OverriddenPlace, value: Json | undefined): Json | undefined {
  const last = path.at(-1);
  if (last === ORDER) {
    const list = listKindOf(field);
    const items = asList(value);
    return list.kind === "atomic" ? undefined : items?.map((item) => whereOf(list, item));
  }
  const map = asMap(value);
  if (last === RETAIN && change.kind === "map" && map !== undefined) {
    const retained = new Set(change.retain);
    return Object.fromEntries(Object.entries(map).filter(([name]) => !retained.has(name)));
  }
  return present(value);
}
