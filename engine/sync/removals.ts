import { describeDeleted } from "../actions/leftovers.ts";
import { EngineError } from "../model/errors.ts";
import type { ClusterLive } from "../model/status.ts";
import type { ClusterView } from "../model/view.ts";
import { REMOTE_UNREAD } from "../repo/git/remote-problem.ts";
import type { Repository } from "../repo/repository.ts";
import type { RepoState } from "../repo/state.ts";
import type { Conditions } from "./conditions.ts";
import type { EventLog } from "./event-log.ts";
import { DeletedClusters } from "./deleted-clusters.ts";
import { nextRemoval, removeDeleted } from "./remove-deleted.ts";

interface RemovalsOptions {
  readonly repo: Repository;
  readonly events: EventLog;
  readonly conditions: Conditions;
  /** As a cluster is known now. */
  readonly viewOf: (cluster: string) => ClusterView | undefined;
  /** Called when a deletion's time is over. */
  readonly onDue: () => void;
}

/** A timer beyond 2^31 ms would ring at once. */
const LONGEST_TIMER = 24 * 3_600_000;
/** What is over and could not be removed is tried again after this long, in milliseconds. */
const RETRY_MS = 60_000;

/** Removes the directories of clusters whose deletion ended, and asks to be called when the next one ends by itself. */
export class Removals {
  readonly deleted = new DeletedClusters();
  readonly #options: RemovalsOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RemovalsOptions) {
    this.#options = options;
  }

  /**
   * Removes what is due; what may not be pushed is a condition.
   * @returns whether main moved
   */
  async run(
    state: RepoState,
    liveOf: (cluster: string) => ClusterLive | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { repo, events, conditions, viewOf, onDue } = this.#options;
    const now = Date.now();
    const due = nextRemoval(state);
    clearTimeout(this.#timer);
    if (due === undefined) return false;
    // What is over is removed right here
    const wait = due > now ? due - now : RETRY_MS;
    this.#timer = setTimeout(onDue, Math.min(wait, LONGEST_TIMER)).unref();
    try {
      const removals = await removeDeleted(repo, state, liveOf, { now, signal });
      for (const { cluster, commit, leftovers } of removals) {
        const view = viewOf(cluster);
        if (view !== undefined) this.deleted.add(view, leftovers);
        events.add({ type: "deleted", cluster, commit, message: describeDeleted(cluster, leftovers) });
      }
      return removals.length > 0;
    } catch (error) {
      if (!(error instanceof EngineError) || REMOTE_UNREAD.has(error.code)) throw error;
      conditions.add(error.toProblem());
      return false;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
