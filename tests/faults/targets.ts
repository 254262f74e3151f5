import { describe } from "vitest";
import { connectServer, createKubeApi } from "../../engine/cluster/kube-api.ts";
import { fixedAccess } from "../../engine/cluster/access.ts";
import type { Timing } from "../../engine/cluster/transport.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { type ClusterTarget, clusterTargets, type TargetCluster } from "../support/cluster-targets.ts";
import { useCluster } from "../support/use-cluster.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";

/** One way to a cluster. */
export interface Line {
  readonly api: KubeApi;
  readonly proxy: FaultProxy;
  close(): Promise<void>;
}

type Address = Pick<TargetCluster, "server" | "token" | "ca">;

/** Opens a line to the cluster of a target, through a proxy of its own. */
export type OpenLine = (timing?: Partial<Timing>, secure?: boolean) => Promise<Line>;

/** As short as a busy machine lets a request be that nothing is wrong with. */
export const QUICK: Timing = { requestMs: 4_000, watchIdleMs: 180_000, backoffMs: 100, maxBackoffMs: 2_000 };

type Suite = (open: OpenLine, direct: () => KubeApi) => void;

/** Runs a suite against one cluster of every target: the sandbox over HTTP/1.1, a real API server over HTTP/2. */
export function onEachTarget(suite: Suite): void {
  on(clusterTargets(), suite);
}

/** Runs a suite against the sandbox alone. */
export function onSandbox(suite: Suite): void {
  on(
    clusterTargets().filter(({ name }) => name === "sandbox"),
    suite,
  );
}

function on(targets: readonly ClusterTarget[], suite: Suite): void {
  describe.each(targets)("on $name", ({ start, name }) => {
    const cluster = useCluster(start);
    const open: OpenLine = (timing, secure = name === "control-plane") =>
      openLine(cluster(), { ...QUICK, ...timing }, secure);
    const direct = (): KubeApi => {
      const { server, token, ca } = cluster();
      return connectServer({ server, token, ...(ca === undefined ? {} : { ca }) });
    };
    suite(open, direct);
  });
}

/** @param cluster by its address */
export async function openLine(cluster: Address, timing: Timing, secure: boolean): Promise<Line> {
  const { server, token, ca } = cluster;
  const proxy = await startFaultProxy({ server, ca, secure });
  const trusted = proxy.ca === undefined ? {} : { ca: proxy.ca };
  const api = createKubeApi(fixedAccess({ server: proxy.server, token, ...trusted }), timing);
  return {
    api,
    proxy,
    async close() {
      await api.close();
      await proxy.close();
    },
  };
}
