import { fixedAccess } from "../../engine/cluster/access.ts";
import { createKubeApi } from "../../engine/cluster/kube-api.ts";
import { Engine } from "../../engine/sync/engine.ts";
import type { ClusterView, PruneView } from "../../engine/model/view.ts";
import { QUICK } from "../faults/targets.ts";
import { openTestRepository, signal } from "../support/temp-git.ts";
import type { SoakCluster } from "./soak-cluster.ts";
import type { SoakEngine } from "./soak-engine.ts";

const NEVER = 600_000;

/** An engine in this process. */
export class LocalEngine implements SoakEngine {
  readonly #location: string;
  readonly #clusters: readonly SoakCluster[];
  #engine: Engine | undefined;

  constructor(location: string, clusters: readonly SoakCluster[]) {
    this.#location = location;
    this.#clusters = clusters;
  }

  async start(): Promise<void> {
    if (this.#engine !== undefined) return;
    this.#engine = new Engine({
      id: "soak",
      repo: await openTestRepository(this.#location),
      interval: NEVER,
      log: { warn: () => undefined },
      connect: async (_connection, name) => {
        const cluster = this.#clusters.find((one) => one.name === name);
        if (cluster === undefined) throw new Error(`nobody has a cluster ${name}`);
        const { proxy, target } = cluster;
        const trusted = proxy.ca === undefined ? {} : { ca: proxy.ca };
        const access = { server: proxy.server, token: target.token, ...trusted };
        return createKubeApi(fixedAccess(access), QUICK);
      },
    });
    await this.#engine.start();
  }

  async kill(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.close();
  }

  async views(): Promise<readonly ClusterView[]> {
    return this.#running().fleet();
  }

  prune(cluster: string): Promise<PruneView> {
    return this.#running().prune(cluster, signal());
  }

  #running(): Engine {
    if (this.#engine === undefined) throw new Error("the engine does not run");
    return this.#engine;
  }
}
