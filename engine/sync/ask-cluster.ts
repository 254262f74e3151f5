import { lookAtPrune, NOTHING_LEAVES } from "../apply/dry-run/look-at-prune.ts";
import type { ChoiceRules } from "../apply/inventory/choose.ts";
import type { FleetState } from "../fleet/fleet-state.ts";
import { viewPlans } from "../fleet/view-plans.ts";
import type { PlanView } from "../model/plan.ts";
import type { DiffView, PruneView } from "../model/view.ts";
import type { ClusterRunner, Target } from "./cluster-runner.ts";
import { diffCluster } from "./diff-cluster.ts";
import { tryUpdates } from "./try-updates.ts";

/** A cluster that an engine runs, and what it is to be at which commit. */
export interface Asked {
  readonly cluster: string;
  readonly commit: string;
  readonly target: Target | undefined;
  readonly runner: ClusterRunner;
}

/** Live against desired; where either cannot be told, why. Throws as {@link diffCluster}. */
export async function askDiff(
  { cluster, commit, target, runner }: Asked,
  signal: AbortSignal,
): Promise<DiffView> {
  const api = runner.api();
  if (target === undefined || "blockedBy" in target || api === undefined) {
    const problems =
      target !== undefined && "blockedBy" in target ? target.blockedBy : runner.live().blockedBy;
    return { cluster, commit, objects: [], left: [], problems };
  }
  return diffCluster(api, target.desired, signal);
}

/** What a prune would stop before, and keep. Throws `cluster-unreachable`, and as {@link lookAtPrune}. */
export async function askPrune(
  { cluster, commit, target, runner }: Asked,
  rules: ChoiceRules,
  signal: AbortSignal,
): Promise<PruneView> {
  if (target !== undefined && "desired" in target)
    return lookAtPrune(target.desired, { ...rules, api: runner.requireApi(), signal });
  return { ...NOTHING_LEAVES, cluster, commit, problems: target?.blockedBy ?? [] };
}

/** The plans of pending updates; with `serverDryRun` also what the cluster makes of them. Throws `cluster-unreachable`. */
export async function askUpdates(
  fleet: FleetState,
  { cluster, runner }: Asked,
  {
    serverDryRun,
    ...options
  }: { readonly serverDryRun: boolean; readonly repository: string; readonly signal: AbortSignal },
): Promise<readonly PlanView[]> {
  const entry = fleet.state.snapshot.clusters.get(cluster);
  if (entry === undefined) return [];
  return serverDryRun
    ? tryUpdates(fleet, entry, { ...options, api: runner.requireApi() })
    : viewPlans(fleet, entry);
}
