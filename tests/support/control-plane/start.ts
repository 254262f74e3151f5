import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { type ControlPlaneCluster, startCluster } from "./cluster.ts";
import { type Etcd, startEtcd } from "./etcd.ts";
import { startGuard } from "./guard.ts";
import { clusterKubeconfig } from "./kubeconfig.ts";
import { retryTakenPort } from "./servers.ts";

export interface ControlPlane {
  /** `dev-1`, `dev-2`, … */
  readonly clusters: readonly ControlPlaneCluster[];
  /** Holds the objects of all of them. */
  readonly etcd: Etcd;
  /** Path of a kubeconfig with one context a cluster. */
  readonly kubeconfig: string;
  /** Ends everything and removes its files, the kubeconfig with them. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** How many clusters. */
  readonly clusters: number;
  readonly binaries: Binaries;
  /** Told each line of progress. */
  readonly say: (line: string) => void;
  /** Bounds the start; later only {@link ControlPlane.stop} ends it. */
  readonly signal: AbortSignal;
}

/**
 * Starts real API servers on one etcd, each with controller-manager, scheduler, a fake node and a load balancer, and
 * waits until a Pod could run in each. All end with this process, however it ends.
 */
export async function startControlPlane(options: StartOptions): Promise<ControlPlane> {
  const { binaries, say, signal } = options;
  const started = Date.now();
  const root = await mkdtemp(join(tmpdir(), "strata-control-plane-"));
  const guard = startGuard(root);
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.toReversed()) await end();
    await guard.end();
  };
  try {
    const etcd = await retryTakenPort(() => startEtcd(binaries.etcd, root, guard, signal));
    stops.push(() => etcd.stop("SIGKILL"));
    const clusters: ControlPlaneCluster[] = [];
    for (let number = 1; number <= options.clusters; number += 1) {
      const name = `dev-${number}`;
      say(`[${number} of ${options.clusters}] starting cluster ${name}`);
      const cluster = await startCluster({
        name,
        binaries,
        etcd: etcd.url,
        folder: join(root, name),
        guard,
        signal,
      });
      clusters.push(cluster);
      stops.push(() => cluster.stop());
    }
    const kubeconfig = join(root, "kubeconfig");
    await writeFile(kubeconfig, clusterKubeconfig(clusters), { mode: 0o600 });
    say(`started ${options.clusters} clusters in ${Math.round((Date.now() - started) / 1000)} s`);
    return { clusters, kubeconfig, etcd, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
