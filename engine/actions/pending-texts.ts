import { pendingPlans } from "../fleet/pending-plans.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import { planId, shownText } from "../plan/make-plan.ts";
import { requireCluster } from "../repo/require.ts";
import type { Repository } from "../repo/repository.ts";
import { outdatedPlan } from "./outdated-plan.ts";

/**
 * The pending texts of a plan's layers, for their user to edit: values of Secrets stand in them. Throws
 * `plan-outdated`, `plan-unknown`.
 */
export async function readPendingTexts(
  repo: Repository,
  { cluster, plan }: { readonly cluster: string; readonly plan: string },
  { signal }: { readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, string>> {
  const state = await repo.load(signal);
  const fleet = { reader: repo.reader, renderer: createRenderer(repo.reader), state };
  const entry = requireCluster(state.snapshot, cluster);
  const pending = await pendingPlans(fleet, entry);
  const input = pending.find((one) => planId(one) === plan);
  if (input === undefined) throw await outdatedPlan(fleet, entry, plan, pending);
  const layers = input.layers.filter(({ target }) => target !== undefined);
  return new Map(layers.map((layer) => [layer.name, shownText(layer, "target", input.schemaOf)]));
}
