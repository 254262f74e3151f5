import { deletionEnd, removalOf } from "../actions/delete-cluster.ts";
import { leftoversAtEnd } from "../actions/leftovers.ts";
import type { ClusterLive, Leftovers } from "../model/status.ts";
import { commitChange } from "../repo/commit-change.ts";
import { ENGINE_IDENTITY } from "../repo/release.ts";
import type { Repository } from "../repo/repository.ts";
import type { RepoState } from "../repo/state.ts";

export interface Removal {
  readonly cluster: string;
  readonly commit: string;
  /** What stays in the cluster. */
  readonly leftovers: Leftovers;
}

/**
 * Removes the directories of clusters whose deletion ended: all is uninstalled, or its time is over. One commit for
 * each. Throws what {@link commitChange} throws.
 */
export async function removeDeleted(
  repo: Repository,
  state: RepoState,
  liveOf: (cluster: string) => ClusterLive | undefined,
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<readonly Removal[]> {
  const removals: Removal[] = [];
  for (const { name, cluster } of state.snapshot.clusters.values()) {
    const requestedAt = cluster?.spec.deletion?.requestedAt;
    if (requestedAt === undefined) continue;
    const live = liveOf(name);
    const isLate = now >= deletionEnd(requestedAt, state.snapshot.settings, "removeAfter");
    if (live?.uninstalled !== true && !isLate) continue;
    const leftovers = leftoversAtEnd(live);
    const how = live?.uninstalled === true ? "done" : "late";
    const { commit } = await commitChange(
      repo,
      async (current) => {
        // Taken back meanwhile
        const asked = current.snapshot.clusters.get(name)?.cluster?.spec.deletion?.requestedAt;
        const removal = removalOf(name, leftovers, how);
        return asked === requestedAt ? removal : { ...removal, edits: new Map() };
      },
      { signal, author: ENGINE_IDENTITY },
    );
    if (commit !== null) removals.push({ cluster: name, commit, leftovers });
  }
  return removals;
}

/** The next time that a deletion ends by itself, in milliseconds since the epoch; past where it is over already. */
export function nextRemoval({ snapshot }: RepoState): number | undefined {
  const ends = [...snapshot.clusters.values()].flatMap(({ cluster }) => {
    const requestedAt = cluster?.spec.deletion?.requestedAt;
    return requestedAt === undefined ? [] : [deletionEnd(requestedAt, snapshot.settings, "removeAfter")];
  });
  return ends.length === 0 ? undefined : Math.min(...ends);
}
