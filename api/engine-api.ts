import type { Problem } from "../engine/model/errors.ts";
import type { EngineEvent } from "../engine/model/event.ts";
import type { PlanView } from "../engine/model/plan.ts";
import type { ClusterView, DiffView, ProfileView, PruneView, WorkloadView } from "../engine/model/view.ts";

/**
 * The port of a running engine: all that the HTTP API and the CLI ask of it. What it answers from memory it
 * answers at once; whatever asks a cluster or the repository takes a signal.
 */
export interface EngineApi {
  /** Every cluster of main, by name. */
  fleet(): readonly ClusterView[];
  cluster(name: string): ClusterView | undefined;
  /** Empty for a cluster of which nothing is known yet. Throws `cluster-unknown`. */
  workloads(name: string, namespace?: string): readonly WorkloadView[];
  /** Compares live with desired, asking the cluster. Throws `cluster-unknown`, `cluster-unreachable`. */
  diff(name: string, signal: AbortSignal): Promise<DiffView>;
  /**
   * The plans of a cluster's pending updates; with `serverDryRun` also what the cluster makes of them. Throws
   * `cluster-unknown`, `cluster-unreachable`.
   */
  updates(
    name: string,
    options: { readonly serverDryRun: boolean; readonly signal: AbortSignal },
  ): Promise<readonly PlanView[]>;
  /**
   * Reads the repository afresh: what it would delete of a cluster only with a word, and what it keeps, asking the
   * cluster. Throws `cluster-unknown`, `cluster-unreachable`.
   */
  prune(name: string, signal: AbortSignal): Promise<PruneView>;
  profiles(signal: AbortSignal): Promise<readonly ProfileView[]>;
  /**
   * Reads the repository afresh, syncs these clusters (all without a list) and answers once each is settled: healthy,
   * degraded, unreachable or blocked. Aborting ends the waiting, not the sync. Throws `cluster-unknown`.
   */
  sync(clusters: readonly string[] | undefined, signal: AbortSignal): Promise<readonly ClusterView[]>;
  readonly events: EventFeed;
  /** Whether the engine has read the repository and begun with its clusters; problems say why not. */
  ready(): { readonly ready: boolean; readonly problems: readonly Problem[] };
  /** The commit of main that it works from; null for an unborn main. */
  head(): string | null;
}

export interface EventFeed {
  /**
   * Calls `listener` for every event after `afterId` that is still kept, before it returns, then for each new one in
   * order. Without `afterId` only for new ones. Returns what ends it.
   */
  subscribe(afterId: number | undefined, listener: (event: EngineEvent) => void): () => void;
  /** The events that are kept, oldest first. */
  recent(): readonly EngineEvent[];
}
