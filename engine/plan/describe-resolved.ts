import type { MergedPath } from "../merge/index.ts";
import type { Json, KubeObject } from "../model/kube-object.ts";
import { fullPath } from "./choose-path.ts";
import { showValue } from "../model/show-value.ts";
import { describeMerge, type OverrideFate } from "./describe-merge.ts";
import { hideSecrets } from "../model/hide-secrets.ts";
import type { PlanInput } from "./make-plan.ts";
import { mergedPaths } from "./resolve-overrides.ts";

/** What becomes of a cluster's overrides in an update, path by path: those that stay, and those that go. */
export function describeResolved(
  input: PlanInput,
  resolved: ReadonlyMap<string, readonly KubeObject[]>,
): OverrideFate[] {
  return input.layers.flatMap((layer) => {
    const left = mergedPaths({ ...layer, override: resolved.get(layer.name) ?? [] }, input);
    const kept = new Set(left.map(fullPath));
    const gone = layer.merged.filter((one) => !kept.has(fullPath(one)));
    return [
      ...left.map((one): OverrideFate => ({ state: one.state, text: describeMerge(one) })),
      ...gone.map((one): OverrideFate => ({ state: "dropped", text: describeDropped(one) })),
    ];
  });
}

function describeDropped({ object, path, value, theirs, state }: MergedPath): string {
  const show = (one: Json | undefined) => showValue(hideSecrets(object, path, one));
  const there =
    theirs === undefined
      ? "the profile has nothing there"
      : `it is ${show(theirs)} now, as the profile has it`;
  const now = state === "orphaned" ? "its place is gone" : there;
  return `override dropped: ${fullPath({ object, path })} was ${show(value)}, and ${now}`;
}
