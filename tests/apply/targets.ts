import { afterAll, beforeAll, describe } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";

/** Runs a suite against one cluster of every target: the sandbox, and a real API server. */
export function onEachTarget(suite: (connect: () => Promise<KubeApi>) => void): void {
  describe.each(clusterTargets())("on $name", ({ start }) => {
    let target: Target | undefined;
    beforeAll(async () => {
      target = await start(1);
    }, 600_000);
    afterAll(() => target?.stop());
    suite(async () => {
      const cluster = target?.clusters[0];
      if (cluster === undefined) throw new Error("there is no cluster before the tests");
      const { server, token, ca } = cluster;
      return connectServer({ server, token, ...(ca === undefined ? {} : { ca }) });
    });
  });
}
