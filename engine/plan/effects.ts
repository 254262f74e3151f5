import { canonicalJson } from "../merge/index.ts";
import { describeId, type KubeObject, objectIdOf, objectKey } from "../model/kube-object.ts";
import type { PlanEffect } from "../model/plan.ts";

/** The objects of one layer, overrides over them. */
export interface LayerObjects {
  readonly layer: string;
  readonly objects: readonly KubeObject[];
}

/** Why an object that leaves the render may stay in the cluster; what is not here is pruned. */
const STAYS: Readonly<Record<string, { readonly effect: PlanEffect["effect"]; readonly why: string }>> = {
  PersistentVolumeClaim: { effect: "kept", why: "it holds data: delete it by hand" },
  PersistentVolume: { effect: "kept", why: "it holds data: delete it by hand" },
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
): PlanEffect[] {
  const before = index(current);
  const after = index(pending);
  const effects: PlanEffect[] = [];
  for (const [key, { layer, object }] of after) {
    const known = before.get(key);
    const name = describeId(objectIdOf(object));
    if (known === undefined) effects.push({ layer, object: name, effect: "created", why: "" });
    else if (canonicalJson(known.object) !== canonicalJson(object))
      effects.push({ layer, object: name, effect: "changed", why: "" });
  }
  for (const [key, { layer, object }] of before) {
    if (after.has(key)) continue;
    const { group, kind } = objectIdOf(object);
    const stays = STAYS[group === "" ? kind : `${kind}.${group}`] ?? { effect: "pruned", why: "" };
    effects.push({ layer, object: describeId(objectIdOf(object)), ...stays });
  }
  return effects;
}

function index(layers: readonly LayerObjects[]): Map<string, { layer: string; object: KubeObject }> {
  return new Map(
    layers.flatMap(({ layer, objects }) =>
      objects.map((object) => [objectKey(objectIdOf(object)), { layer, object }] as const),
    ),
  );
}
