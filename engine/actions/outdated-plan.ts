import { clusterHistoryEntries } from "../fleet/cluster-entries.ts";
import { pendingPlans } from "../fleet/pending-plans.ts";
import type { FleetState } from "../fleet/fleet-state.ts";
import { gatherPlan } from "../fleet/plan-update.ts";
import { EngineError } from "../model/errors.ts";
import { type PlanInput, planId } from "../plan/make-plan.ts";
import { planDifference } from "../plan/plan-difference.ts";
import { approvalOf } from "../repo/locks/approvals.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import { versionState } from "../repo/versions/types.ts";

/** How many earlier states of a cluster are looked through for the one that a plan was made from. */
const STATES = 20;

/**
 * The error of a plan that is not one of the `current` ones. `plan-outdated`, with what changed since it was made, where
 * it is found among the version's revisions and the cluster's last states; else `plan-unknown`, which names the cluster
 * that has such a plan.
 */
export async function outdatedPlan(
  fleet: FleetState,
  entry: ClusterEntry,
  id: string,
  current: readonly PlanInput[],
): Promise<EngineError> {
  const before = await findPlan(fleet, entry, id);
  const next =
    current.length === 0
      ? `cluster "${entry.name}" has no pending update now`
      : `now it is ${current.map((input) => `${planId(input)} (${input.profile})`).join(", ")}`;
  if (before === undefined) return unknownPlan(fleet, entry, id, next);
  const now = current.find(({ profile }) => profile === before.profile);
  const changed = planDifference(before, now);
  const why = changed.length === 0 ? "" : `: ${changed.join("; ")}`;
  return new EngineError("plan-outdated", `plan ${id} is no longer current${why}; ${next}`, {
    hint: `look at it again with \`strata cluster updates ${entry.name}\`; nothing was changed`,
    data: { changed, current: current.map(planId) },
  });
}

async function unknownPlan(
  fleet: FleetState,
  { name }: ClusterEntry,
  id: string,
  next: string,
): Promise<EngineError> {
  const owner = await findOwner(fleet, name, id);
  if (owner !== undefined) {
    return new EngineError("plan-unknown", `plan ${id} is of cluster "${owner}", not of "${name}"`, {
      hint: `confirm it there with \`strata cluster confirm ${owner} --plan ${id}\`; of ${name}: ${next}`,
    });
  }
  return new EngineError("plan-unknown", `no plan ${id} is known of cluster "${name}"; ${next}`, {
    hint: `\`strata cluster updates ${name}\` shows the plans that there are; nothing was changed`,
  });
}

/** The other cluster that has this plan pending. */
async function findOwner(fleet: FleetState, not: string, id: string): Promise<string | undefined> {
  for (const entry of fleet.state.snapshot.clusters.values()) {
    if (entry.name === not) continue;
    const plans = await pendingPlans(fleet, entry);
    if (plans.some((input) => planId(input) === id)) return entry.name;
  }
  return undefined;
}

async function findPlan(fleet: FleetState, entry: ClusterEntry, id: string): Promise<PlanInput | undefined> {
  for (const state of [entry, ...(await clusterHistoryEntries(fleet, entry.name, STATES))]) {
    for (const attached of state.cluster?.spec.profiles ?? []) {
      const approval = await approvalOf(fleet.reader, fleet.state, state, attached);
      if ("problem" in approval) continue;
      const revisions = versionState(fleet.state.versions, attached.name, attached.version)?.revisions ?? [];
      for (const { number, tree } of revisions.slice(-STATES).toReversed()) {
        const target = { version: attached.version, revision: number, tree };
        const input = await gatherPlan(fleet, state, approval, target);
        if (planId(input) === id) return input;
      }
    }
  }
  return undefined;
}
