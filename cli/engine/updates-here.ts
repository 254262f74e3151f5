import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import type { PlanView } from "../../engine/model/plan.ts";
import { requireLasting } from "../../engine/repo/require.ts";
import { tryUpdates } from "../../engine/sync/try-updates.ts";
import type { CommandContext } from "../context.ts";
import { clusterConnector } from "./connect-cluster.ts";
import type { EngineFlags } from "./engine-options.ts";

/**
 * The plans of a cluster's pending updates with what the cluster makes of them, asked from this process. Throws
 * `cluster-unknown`, `cluster-unreachable`.
 */
export async function updatesHere(
  context: CommandContext,
  name: string,
  flags: EngineFlags,
): Promise<readonly PlanView[]> {
  const { io, signal } = context;
  const repo = await context.repository();
  const state = await repo.load(signal);
  const entry = requireLasting(state.snapshot, name);
  const { commit } = state.snapshot;
  const repository = commit === null ? "" : await repo.git.rootCommit(commit);
  const fleet = { reader: repo.reader, renderer: createRenderer(repo.reader), state };
  const api = await clusterConnector(io, flags)(entry.cluster.spec.connection, name, signal);
  context.defer(() => api.close());
  return tryUpdates(fleet, entry, { api, repository, signal });
}
