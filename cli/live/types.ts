import type { EngineEvent } from "../../engine/model/event.ts";
import type { PlanView } from "../../engine/model/plan.ts";
import type { ClusterView, DiffView, PruneView, StatusView, WorkloadView } from "../../engine/model/view.ts";

/** Live state of the clusters of one repository: a running engine's word, or that of one inside this process. */
export interface Live {
  /** For people: where the engine runs. */
  readonly description: string;
  clusters(signal: AbortSignal): Promise<readonly ClusterView[]>;
  /** Throws `cluster-unknown`. */
  cluster(name: string, signal: AbortSignal): Promise<ClusterView>;
  workloads(
    name: string,
    namespace: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly WorkloadView[]>;
  diff(name: string, signal: AbortSignal): Promise<DiffView>;
  /** Pending updates of a cluster with what the cluster itself makes of them. Throws `cluster-unknown`, `cluster-unreachable`. */
  tryUpdates(name: string, signal: AbortSignal): Promise<readonly PlanView[]>;
  /** What stopped before a mass deletion, and what was kept. Throws `cluster-unknown`, `cluster-unreachable`. */
  prune(name: string, signal: AbortSignal): Promise<PruneView>;
  status(signal: AbortSignal): Promise<StatusView>;
  /** One pass over these clusters, or all; answers once they are settled. `timeout` in milliseconds. */
  sync(clusters: readonly string[] | undefined, options: SyncOptions): Promise<readonly ClusterView[]>;
  /** The events that are kept, oldest first. */
  recentEvents(signal: AbortSignal): Promise<readonly EngineEvent[]>;
  events(options: { after?: number | undefined; signal: AbortSignal }): AsyncIterable<EngineEvent>;
  close(): Promise<void>;
}

/** What one pass needs: also an engine that lives for one command has it. */
export type Syncing = Pick<Live, "clusters" | "sync" | "events">;

interface SyncOptions {
  readonly signal: AbortSignal;
  readonly timeout: number;
}
