import type { KubeApi } from "../cluster/types.ts";
import type { Desired } from "../model/desired.ts";
import type { ClusterLive } from "../model/status.ts";
import type { WorkloadView } from "../model/view.ts";
import type { DriftNotice } from "./drift/notice.ts";
import type { TurnIdentity } from "./turn/turn-keeper.ts";

export interface ClusterSessionOptions extends TurnIdentity {
  readonly api: KubeApi;
  /** Directory name of the cluster. */
  readonly cluster: string;
  /** Identity of the repository. */
  readonly repository: string;
  /** Whether the repository still has a cluster directory of this name: an inventory of one that is gone is taken over (a rename). Left out: it has. */
  readonly isDirectory?: (cluster: string) => boolean;
  /** Another repository's inventory of a directory of this name is ours from now on. Left out: it is refused. */
  readonly takesOver?: boolean;
  /** Called with every change of the live state, also long after a sync has settled. Must not throw. */
  readonly onChange: (live: ClusterLive) => void;
  /** Called with what is done about changes that others make in the cluster. Must not throw. */
  readonly onDrift?: (notice: DriftNotice) => void;
  readonly log?: SessionLog;
  /** Milliseconds since the epoch: for people, and beside times of the server. */
  readonly now?: () => number;
  /** Milliseconds by a clock that never jumps: for what is due. */
  readonly clock?: () => number;
}

/** Where a session tells what goes wrong; a pino logger is one. */
export interface SessionLog {
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}

/**
 * How a sync ended. `settled`: every layer is healthy or failed (or waits behind a failed one), or a problem in
 * `blockedBy` keeps everything from going on. The session goes on by itself all the same: what heals becomes healthy.
 */
export type SyncOutcome =
  | { readonly state: "settled"; readonly live: ClusterLive }
  | { readonly state: "superseded" };

/** One cluster: makes it match what is desired, and knows its live state. */
export interface ClusterSession {
  /**
   * Makes the cluster match. A later call supersedes this one at its next step, as aborting the signal does. While the
   * cluster cannot be reached it neither settles nor fails: it goes on trying.
   */
  sync(desired: Desired, signal: AbortSignal): Promise<SyncOutcome>;
  /** What is desired is the same at a newer commit of the repository. */
  stands(commit: string): void;
  live(): ClusterLive;
  /** The objects of the last desired state with their health, in install order. */
  workloads(namespace?: string): readonly WorkloadView[];
  /** Stops everything; the API connection stays open, it is the caller's. */
  close(): Promise<void>;
}
