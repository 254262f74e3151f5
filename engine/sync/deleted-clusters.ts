import type { Leftovers } from "../model/status.ts";
import type { ClusterView } from "../model/view.ts";
import { Recent } from "../repo/recent.ts";
import type { NewEvent } from "./event-log.ts";

/** So many are remembered at most. */
const MOST = 1_000;

/** Clusters whose deletion ended lately, as they were last: for who waits for them. */
export class DeletedClusters {
  readonly #views = new Recent<ClusterView>(MOST);

  add(view: ClusterView, leftovers: Leftovers): void {
    const message = leftovers.left.length === 0 ? "" : "not all of it is uninstalled";
    this.#views.set(view.name, { ...view, health: "deleted", message, blockedBy: [], leftovers });
  }

  get(cluster: string): ClusterView | undefined {
    return this.#views.get(cluster);
  }

  /** A new one has the name. */
  forget(cluster: string): void {
    this.#views.delete(cluster);
  }
}

/**
 * What is told of a cluster whose directory left main otherwise.
 * @param orphan it, where nothing says what became of what it ran
 */
export function leftMain(cluster: string, isLeaving: boolean, orphan: ClusterView | undefined): NewEvent {
  if (isLeaving) {
    const message = `${cluster} left the repository before its deletion ended: what is left in it stays`;
    return { type: "deleted", cluster, message };
  }
  const message = orphan?.message ?? `${cluster} left the repository: it was renamed`;
  return { type: "problem", cluster, message };
}
