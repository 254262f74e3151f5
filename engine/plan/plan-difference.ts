import { isDeepStrictEqual } from "node:util";
import type { PlanInput } from "./make-plan.ts";

/** What changed between two plans of one profile in one cluster, as sentences; `now` is undefined where none is pending. */
export function planDifference(before: PlanInput, now: PlanInput | undefined): string[] {
  const name = `${before.profile}@${before.version}`;
  if (now === undefined) return [`${name} has no pending update any more`];
  const revision = (number: number | null) => (number === null ? "other content" : `revision ${number}`);
  const changed: string[] = [];
  if (before.to.tree !== now.to.tree)
    changed.push(`${name} is at ${revision(now.to.revision)}, and was at ${revision(before.to.revision)}`);
  if (before.from.tree !== now.from.tree)
    changed.push(
      `the cluster runs ${revision(now.from.revision)}, and ran ${revision(before.from.revision)}`,
    );
  if (!isDeepStrictEqual(overridesOf(before), overridesOf(now)))
    changed.push("the cluster's overrides changed");
  if (!isDeepStrictEqual(before.spec, now.spec)) changed.push("cluster.yaml changed");
  return changed;
}

function overridesOf({ layers }: PlanInput): Map<string, unknown> {
  return new Map(
    layers.filter(({ override }) => override.length > 0).map(({ name, override }) => [name, override]),
  );
}
