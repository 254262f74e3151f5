import type { PlanInput } from "../plan/make-plan.ts";
import { approvalOf } from "../repo/locks/approvals.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { FleetState } from "./fleet-state.ts";
import { newerRevision } from "./newer-revision.ts";
import { gatherPlan } from "./plan-update.ts";

/** What the plans of all pending updates of a cluster are made from, in the order of its profiles. */
export async function pendingPlans(fleet: FleetState, entry: ClusterEntry): Promise<PlanInput[]> {
  const plans: PlanInput[] = [];
  if (entry.cluster?.spec.deletion !== undefined) return plans;
  for (const attached of entry.cluster?.spec.profiles ?? []) {
    const approval = await approvalOf(fleet.reader, fleet.state, entry, attached);
    if ("problem" in approval) continue;
    const newer = await newerRevision(fleet, approval);
    if (newer === undefined || !newer.hasEffect) continue;
    const { revision } = newer;
    const target = { version: approval.version, revision: revision.number, tree: revision.tree };
    plans.push(await gatherPlan(fleet, entry, approval, target));
  }
  return plans;
}
