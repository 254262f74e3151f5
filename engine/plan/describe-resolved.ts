import { mergeOverride } from "../merge/index.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { fullPath } from "./choose-path.ts";
import { describeMerge, showValue } from "./describe-merge.ts";
import { hideSecrets } from "../model/hide-secrets.ts";
import type { PlanInput } from "./make-plan.ts";

/** What becomes of a cluster's overrides in an update, one line a path: those that stay, and those that go. */
export function describeResolved(
  { layers, schemaOf }: PlanInput,
  resolved: ReadonlyMap<string, readonly KubeObject[]>,
): string[] {
  return layers.flatMap(({ name, base, target, merged }) => {
    const left = mergeOverride({
      base: base?.objects ?? [],
      theirs: target?.objects,
      override: resolved.get(name) ?? [],
      schemaOf,
    });
    const kept = new Set(left.map(fullPath));
    const gone = merged.filter((one) => !kept.has(fullPath(one)));
    return [
      ...left.map(describeMerge),
      ...gone.map((one) => {
        const profile = showValue(hideSecrets(one.object, one.path, one.theirs));
        return `override dropped: ${fullPath(one)} is ${profile} now, as the profile has it`;
      }),
    ];
  });
}
