import type { Json, KubeObject } from "../../model/kube-object.ts";
import type { PathElement } from "../fields/path-element.ts";
import { asList } from "../typed/shape.ts";
import { applyNode } from "./apply-node.ts";
import { byIdentity, type SchemaOf } from "./document.ts";
import type { OverrideState } from "../../model/view.ts";
import { identify, listKindOf } from "./list-kind.ts";
import { describePlace, type OverriddenPath, placesOf, viewOf } from "./overridden-paths.ts";
import { ORDER } from "./path.ts";
import { sameValue } from "./values.ts";
import type { OverriddenPlace } from "./walk-override.ts";

export interface MergedPath extends OverriddenPath {
  readonly state: OverrideState;
  /** What the profile has there after the update; read as `before`. */
  readonly theirs: Json | undefined;
}

export interface MergeInput {
  /** The profile's objects that the override was last merged with. */
  readonly base: readonly KubeObject[];
  /** Those of the update; undefined where the layer is gone. */
  readonly theirs: readonly KubeObject[] | undefined;
  readonly override: readonly KubeObject[];
  readonly schemaOf: SchemaOf;
}

/**
 * The three-way merge: the state of each overridden path. The merged objects are `applyOverride(theirs, override)`: an
 * override is kept until its path is dropped. Throws `invalid-patch`, `object-duplicate`.
 */
export function mergeOverride({ base, theirs, override, schemaOf }: MergeInput): readonly MergedPath[] {
  const before = byIdentity(base);
  const after = byIdentity(theirs ?? []);
  return [...byIdentity(override)].flatMap(([key, document]) => {
    const object = { base: before.get(key), theirs: after.get(key) };
    return placesOf(document, object, schemaOf).map((place) => ({
      ...describePlace(document, place),
      state: theirs === undefined ? "orphaned" : stateOf(place),
      theirs: viewOf(place, place.theirs),
    }));
  });
}

function stateOf(place: OverriddenPlace): OverrideState {
  if (place.around === "gone") return "orphaned";
  if (changesNothing(place)) return "redundant";
  return place.around === "changed" || touched(place) ? "conflict" : "kept";
}

function changesNothing({ path, change, field, theirs }: OverriddenPlace): boolean {
  const patched = applyNode(change, theirs, field);
  if (path.at(-1) !== ORDER || change.kind !== "list") return sameValue(patched, theirs);
  return sameValue(patched, applyNode({ ...change, order: undefined }, theirs, field));
}

function touched(place: OverriddenPlace): boolean {
  const { base, theirs } = place;
  if (place.path.at(-1) !== ORDER) return !sameValue(viewOf(place, base), viewOf(place, theirs));
  return orderOf(place, base).join("\n") !== orderOf(place, theirs).join("\n");
}

/** The items that an order names, in the profile's order; other items may come and go. */
function orderOf({ change, field }: OverriddenPlace, value: Json | undefined): readonly PathElement[] {
  const list = listKindOf(field);
  if (change.kind !== "list" || list.kind === "atomic") return [];
  const ids = (asList(value) ?? []).map((item) => identify(list, item));
  return ids.filter((id) => id !== undefined).filter((id) => change.order?.has(id));
}
