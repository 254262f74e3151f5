import { tryEffects } from "../apply/dry-run/try-effects.ts";
import type { KubeApi } from "../cluster/types.ts";
import type { FleetState } from "../fleet/fleet-state.ts";
import { viewPlan } from "../fleet/view-plans.ts";
import { pendingPlans } from "../fleet/pending-plans.ts";
import type { PlanView } from "../model/plan.ts";
import { effectsOf, profileObjects } from "../plan/make-plan.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";

/**
 * The plans of a cluster's pending updates with what the cluster itself makes of them, by dry runs on its API server.
 * @param repository identity of the repository, as the inventory has it
 * @throws `inventory-of-another-repository`, and where the cluster cannot be reached
 */
export async function tryUpdates(
  fleet: FleetState,
  entry: ClusterEntry,
  {
    api,
    repository,
    signal,
  }: { readonly api: KubeApi; readonly repository: string; readonly signal: AbortSignal },
): Promise<PlanView[]> {
  const { clusters } = fleet.state.snapshot;
  const plans: PlanView[] = [];
  for (const input of await pendingPlans(fleet, entry)) {
    const tried = await tryEffects(effectsOf(input), {
      api,
      owner: { repository, cluster: entry.name },
      isDirectory: (name) => clusters.has(name),
      takesOver: false,
      profile: input.profile,
      objects: profileObjects(input, "target"),
      signal,
    });
    plans.push(await viewPlan(fleet, entry, input, tried));
  }
  return plans;
}
