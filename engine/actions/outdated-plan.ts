import { clusterHistoryEntries } from "../fleet/cluster-entries.ts";
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
 * The error of a plan that is not one of the `current` ones, with what changed since it was made where that can be
 * found: among the version's revisions and the cluster's last states.
 */
export async function outdatedPlan(
  fleet: FleetState,
  entry: ClusterEntry,
  id: string,
  current: readonly PlanInput[],
): Promise<EngineError> {
  const before = await findPlan(fleet, entry, id);
  const now = current.find(({ profile }) => profile === before?.profile);
  const next =
    current.length === 0
      ? `cluster "${entry.name}" has no pending update now`
      : `now it is ${current.map((input) => `${planId(input)} (${input.profile})`).join(", ")}`;
  const changed = before === undefined ? [] : planDifference(before, now);
  const why = changed.length === 0 ? "" : `: ${changed.join("; ")}`;
  return new EngineError("plan-outdated", `plan ${id} is no longer current${why}; ${next}`, {
    hint: `look at it again with \`strata cluster updates ${entry.name}\`; nothing was changed`,
    data: { changed, current: current.map(planId) },
  });
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
