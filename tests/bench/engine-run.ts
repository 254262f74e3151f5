import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import type { EngineEvent } from "../../engine/model/event.ts";
import { Engine } from "../../engine/sync/engine.ts";
import type { TargetCluster } from "../support/cluster-targets.ts";
import { openTestRepository } from "../support/temp-git.ts";

const NEVER_MS = 3_600_000;

export interface EngineRun {
  readonly engine: Engine;
  /** Requests sent to the cluster so far. */
  readonly requests: () => number;
}

/** An engine in this process over a repository whose clusters are all the one given; it has not looked yet. */
export async function engineOn(dir: string, cluster: TargetCluster): Promise<EngineRun> {
  const apis: KubeApi[] = [];
  const { server, token, ca } = cluster;
  const engine = new Engine({
    repo: await openTestRepository(dir),
    id: "bench",
    interval: NEVER_MS,
    log: { warn: () => undefined },
    connect: async () => {
      const api = connectServer({ server, token, ...(ca === undefined ? {} : { ca }) });
      apis.push(api);
      return api;
    },
  });
  return { engine, requests: () => apis.reduce((sum, api) => sum + api.requests, 0) };
}

/** Resolves when every object of the newest sync of a cluster was accepted; how they are does not count. */
export async function applied(engine: Engine, cluster: string): Promise<void> {
  while (engine.cluster(cluster)?.lastSync?.finishedAt === undefined) await nextEvent(engine);
}

/** Resolves when a cluster is healthy at a commit. */
export async function healthy(engine: Engine, cluster: string, commit: string | null): Promise<void> {
  for (let view = engine.cluster(cluster); ; view = engine.cluster(cluster)) {
    if (view?.health === "healthy" && view.lastSync?.commit === commit) return;
    if (view?.health === "degraded") throw new Error(view.message);
    await nextEvent(engine);
  }
}

/** Resolves with the next event of an engine that fits. */
function nextEvent(engine: Engine): Promise<EngineEvent> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("nothing happened for a minute")), 60_000);
    const end = engine.events.subscribe(undefined, (event) => {
      clearTimeout(timer);
      end();
      resolve(event);
    });
  });
}
