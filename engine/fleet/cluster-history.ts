import type { ClusterHistoryView } from "../model/view.ts";
import { requireCluster } from "../repo/require.ts";
import { clusterDir } from "../repo/paths.ts";
import { readClusterEntry } from "../repo/snapshot.ts";
import type { RepoState, StateReader } from "../repo/state.ts";

/** The states that a cluster had on main since its directory last appeared, newest first. Throws `cluster-unknown`. */
export async function viewClusterHistory(
  reader: StateReader,
  state: RepoState,
  cluster: string,
): Promise<ClusterHistoryView[]> {
  requireCluster(state.snapshot, cluster);
  const { git } = reader;
  const commits = await git.log({ from: state.main ?? "", paths: [clusterDir(cluster)], firstParent: true });
  const history: ClusterHistoryView[] = [];
  for (const oid of commits) {
    const directory = await git.resolvePath(oid, clusterDir(cluster));
    if (directory?.type !== "tree") break;
    const entry = await readClusterEntry(git, cluster, directory.oid);
    const commit = await git.readCommit(oid);
    history.push({
      commit: oid,
      author: `${commit.author.name} <${commit.author.email}>`,
      time: new Date(commit.author.time * 1000).toISOString(),
      subject: commit.message.split("\n")[0] ?? "",
      profiles: (entry.cluster?.spec.profiles ?? []).map(({ name, version }) => {
        const locked = entry.lock.profiles[name];
        return { name, version, revision: locked?.version === version ? (locked.revision ?? null) : null };
      }),
    });
  }
  return history;
}
