import { EngineError } from "../model/errors.ts";
import type { ClusterLive } from "../model/status.ts";
import { REMOTE_UNREAD } from "../repo/git/remote-problem.ts";
import type { Repository } from "../repo/repository.ts";
import type { RepoState } from "../repo/state.ts";
import type { Conditions } from "./conditions.ts";
import type { EventLog } from "./event-log.ts";
import { nextRemoval, removeDeleted } from "./remove-deleted.ts";

interface RemovalsOptions {
  readonly repo: Repository;
  readonly events: EventLog;
  readonly conditions: Conditions;
  /** Called when a deletion's time is over. */
  readonly onDue: () => void;
}

/** A timer beyond 2^31 ms would ring at once. */
const LONGEST_TIMER = 24 * 3_600_000;

/** Removes the directories of clusters whose deletion ended, and asks to be called when the next one ends by itself. */
export class Removals {
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
    const { repo, events, conditions, onDue } = this.#options;
    const now = Date.now();
    const due = nextRemoval(state);
    clearTimeout(this.#timer);
    if (due === undefined) return false;
    this.#timer = setTimeout(onDue, Math.min(due - now, LONGEST_TIMER)).unref();
    try {
      const removals = await removeDeleted(repo, state, liveOf, { now, signal });
      for (const { cluster, commit, left } of removals) {
        const message = left.length === 0 ? "" : `; left in it: ${left.join("; ")}`;
        events.add({ type: "deleted", cluster, commit, message: `${cluster} is deleted${message}` });
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
