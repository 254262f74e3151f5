import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import type { DiffView } from "../../engine/model/view.ts";
import { requireCluster } from "../../engine/repo/require.ts";
import { targetOf } from "../../engine/sync/cluster-target.ts";
import { diffCluster } from "../../engine/sync/diff-cluster.ts";
import type { CommandContext } from "../context.ts";
import { clusterConnector } from "./connect-cluster.ts";
import type { EngineFlags } from "./engine-options.ts";

/** Compares one cluster from this process; changes nothing in it. Throws `cluster-unknown`, `cluster-unreachable`. */
export async function diffHere(context: CommandContext, name: string, flags: EngineFlags): Promise<DiffView> {
  const { io, signal } = context;
  const repo = await context.repository();
  const state = await repo.load(signal);
  const entry = requireCluster(state.snapshot, name);
  const commit = state.snapshot.commit ?? "";
  const root = commit === "" ? "" : await repo.git.rootCommit(commit);
  const { target } = await targetOf(repo.reader, createRenderer(repo.reader), state, entry, root);
  const aimed = await target();
  if ("blockedBy" in aimed)
    return { cluster: name, commit, objects: [], left: [], problems: aimed.blockedBy };
  const api = await clusterConnector(io, flags)(aimed.connection, name, signal);
  context.defer(() => api.close());
  return diffCluster(api, aimed.desired, signal);
}
