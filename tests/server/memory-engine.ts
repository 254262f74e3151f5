import type { EngineApi } from "../../api/engine-api.ts";
import { EngineError } from "../../engine/model/errors.ts";
import type { EngineEvent } from "../../engine/model/event.ts";
import type { ClusterHealth } from "../../engine/model/status.ts";
import type { ClusterView, DiffView, PruneView, WorkloadView } from "../../engine/model/view.ts";
import { EventLog } from "../../engine/sync/event-log.ts";

/** Knows how many listen. */
class CountingLog extends EventLog {
  listeners = 0;
  override subscribe(afterId: number | undefined, listener: (event: EngineEvent) => void): () => void {
    const end = super.subscribe(afterId, listener);
    this.listeners++;
    return () => {
      this.listeners--;
      end();
    };
  }
}

/** An engine whose clusters are what a test says. */
export class MemoryEngine implements EngineApi {
  readonly events = new CountingLog(1);
  readonly clusters = new Map<string, ClusterView>();
  readonly synced: (readonly string[] | undefined)[] = [];
  isReady = true;
  /** What `sync` waits for. */
  syncGate: Promise<void> = Promise.resolve();

  add(name: string, health: ClusterHealth = "healthy", changes: Partial<ClusterView> = {}): void {
    this.clusters.set(name, clusterView(name, health, changes));
  }
  fleet(): ClusterView[] {
    return [...this.clusters.values()];
  }
  cluster(name: string): ClusterView | undefined {
    return this.clusters.get(name);
  }
  workloads(name: string, namespace?: string): WorkloadView[] {
    const one = { layer: "web", kind: "Deployment", name, health: "healthy", message: "", ready: "2/2" };
    return ["a", "b"]
      .map((space) => ({ ...one, namespace: space }))
      .filter((row) => namespace === undefined || row.namespace === namespace);
  }
  async diff(cluster: string): Promise<DiffView> {
    return { cluster, commit: "c0ffee", objects: [], left: [], problems: [] };
  }
  async prune(cluster: string): Promise<PruneView> {
    return {
      cluster,
      commit: "c0ffee",
      massDeletion: null,
      stopped: [],
      volumes: [],
      kept: [],
      idWithVolumes: null,
      problems: [],
    };
  }
  async updates(): Promise<[]> {
    return [];
  }
  async profiles(): Promise<[]> {
    return [];
  }
  async sync(clusters: readonly string[] | undefined, signal: AbortSignal): Promise<ClusterView[]> {
    this.synced.push(clusters);
    for (const name of clusters ?? []) {
      if (!this.clusters.has(name)) throw new EngineError("cluster-unknown", `there is no cluster "${name}"`);
    }
    const { promise, reject } = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    await Promise.race([this.syncGate, promise]);
    return this.fleet().filter((view) => clusters?.includes(view.name) ?? true);
  }
  ready() {
    const problems = this.isReady ? [] : [{ code: "starting", message: "the repository is not read yet" }];
    return { ready: this.isReady, problems };
  }
  head(): string {
    return "c0ffee";
  }
}

function clusterView(name: string, health: ClusterHealth, changes: Partial<ClusterView>): ClusterView {
  return {
    name,
    tags: [],
    connection: "sandbox",
    health,
    message: "",
    profiles: [],
    overrides: [],
    urls: [],
    lastSync: null,
    blockedBy: [],
    ...changes,
  };
}
