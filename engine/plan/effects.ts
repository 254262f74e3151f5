import { type SchemaOf, withoutPaths } from "../merge/index.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import type { DesiredObject } from "../model/desired.ts";
import { objectIdOf, objectKey } from "../model/kube-object.ts";
import type { Effect, ObjectEffect } from "../model/plan.ts";

/** The objects of one layer, overrides over them. */
export interface LayerObjects {
  readonly layer: string;
  readonly objects: readonly DesiredObject[];
}

const HOLDS_DATA = {
  effect: "kept",
  why: "it holds data; goes with `strata cluster prune --protected`",
} as const;

/** Why an object that leaves the render may stay in the cluster; what is not here is pruned. */
const STAYS: Readonly<Record<string, { readonly effect: Effect; readonly why: string }>> = {
  PersistentVolumeClaim: HOLDS_DATA,
  PersistentVolume: HOLDS_DATA,
  "CustomResourceDefinition.apiextensions.k8s.io": {
    effect: "pruned",
    why: "kept while objects of it live",
  },
  Namespace: { effect: "pruned", why: "kept while it holds anything else" },
};

/** What going from one complete render of a profile to another does to the objects of the cluster, by object. */
export function planEffects(
  current: readonly LayerObjects[],
  pending: readonly LayerObjects[],
  schemaOf: SchemaOf,
): ObjectEffect[] {
  const before = index(current);
  const after = index(pending);
  const effects: ObjectEffect[] = [];
  for (const [key, one] of after) {
    const known = before.get(key);
    if (known === undefined) effects.push({ ...one, effect: "created", why: "" });
    else effects.push(...effectOn(known, one, schemaOf));
  }
  for (const [key, one] of before) {
    if (after.has(key)) continue;
    const { group, kind } = objectIdOf(one.object);
    const stays = STAYS[group === "" ? kind : `${kind}.${group}`] ?? { effect: "pruned" as const, why: "" };
    effects.push({ ...one, ...stays });
  }
  return effects;
}

/** What an update does to an object that is there: values that a layer sets at creation only do not change it. */
function effectOn(
  before: DesiredObject,
  after: DesiredObject & { readonly layer: string },
  schemaOf: SchemaOf,
): ObjectEffect[] {
  const isEqual = canonicalJson(before.object) === canonicalJson(after.object);
  const schema = schemaOf(after.object);
  const had = withoutPaths(before.object, [...(before.ignored ?? []), ...(after.ignored ?? [])], schema);
  const has = withoutPaths(after.object, after.ignored ?? [], schema);
  if (canonicalJson(had) !== canonicalJson(has))
    return [{ ...after, effect: "changed", why: isEqual ? "what was left to others is set again" : "" }];
  return isEqual ? [] : [{ ...after, effect: "unchanged", why: "what differs is set at creation only" }];
}

function index(layers: readonly LayerObjects[]): Map<string, DesiredObject & { layer: string }> {
  return new Map(
    layers.flatMap(({ layer, objects }) =>
      objects.map((one) => [objectKey(objectIdOf(one.object)), { ...one, layer }] as const),
    ),
  );
}
