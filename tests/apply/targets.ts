import { afterAll, beforeAll, describe } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";

/** Connects to the cluster of a target, through another server's URL where one is given. */
export type ConnectTarget = (through?: (server: string) => Promise<string>) => Promise<KubeApi>;

/** Runs a suite against one cluster of every target: the sandbox, and a real API server. */
export function onEachTarget(suite: (connect: ConnectTarget) => void): void {
  describe.each(clusterTargets())("on $name", ({ start }) => {
    let target: Target | undefined;
    beforeAll(async () => {
      target = await start(1);
    }, 600_000);
    afterAll(() => target?.stop());
    suite(async (through) => {
      const cluster = target?.clusters[0];
      if (cluster === undefined) throw new Error("there is no cluster before the tests");
      const { server, token, ca } = cluster;
      const url = through === undefined ? server : await through(server);
      return connectServer({ server: url, token, ...(ca === undefined ? {} : { ca }) });
    });
  });
}
