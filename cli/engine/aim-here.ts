import type { KubeApi } from "../../engine/cluster/types.ts";
import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import type { Connection } from "../../engine/model/cluster.ts";
import { requireCluster } from "../../engine/repo/require.ts";
import type { Target } from "../../engine/sync/cluster-runner.ts";
import { targetOf } from "../../engine/sync/cluster-target.ts";
import type { CommandContext } from "../context.ts";
import { clusterConnector } from "./connect-cluster.ts";
import type { EngineFlags } from "./engine-options.ts";

interface Aimed {
  readonly commit: string;
  readonly aimed: Target;
  /** Names of all cluster directories. */
  readonly clusters: Pick<ReadonlySet<string>, "has">;
  /** Reaches the cluster until the command ends. Throws `cluster-unreachable`. */
  readonly connect: (connection: Connection) => Promise<KubeApi>;
}

/** What one cluster shall be at main's tip, for a command that asks the cluster from this process. Throws `cluster-unknown`. */
export async function aimHere(context: CommandContext, name: string, flags: EngineFlags): Promise<Aimed> {
  const { io, signal } = context;
  const repo = await context.repository();
  const state = await repo.load(signal);
  const entry = requireCluster(state.snapshot, name);
  const commit = state.snapshot.commit ?? "";
  const root = commit === "" ? "" : await repo.git.rootCommit(commit);
  const { target } = await targetOf(repo.reader, createRenderer(repo.reader), state, entry, root);
  return {
    commit,
    aimed: await target(),
    clusters: state.snapshot.clusters,
    connect: async (connection) => {
      const api = await clusterConnector(io, flags)(connection, name, signal);
      context.defer(() => api.close());
      return api;
    },
  };
}
