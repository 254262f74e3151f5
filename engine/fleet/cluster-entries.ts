import { clusterDir } from "../repo/paths.ts";
import { type ClusterEntry, readClusterEntry } from "../repo/snapshot.ts";
import type { FleetState } from "./fleet-state.ts";

/** The last states of a cluster's directory on main, newest first, back to when it last appeared. */
export async function clusterHistoryEntries(
  { reader, state }: FleetState,
  cluster: string,
  most: number,
): Promise<ClusterEntry[]> {
  const { git } = reader;
  const path = clusterDir(cluster);
  const commits = await git.log({ from: state.main ?? "", paths: [path], firstParent: true });
  const entries: ClusterEntry[] = [];
  for (const commit of commits.slice(0, most)) {
    const directory = await git.resolvePath(commit, path);
    if (directory?.type !== "tree") break;
    entries.push(await readClusterEntry(git, cluster, directory.oid));
  }
  return entries;
}
