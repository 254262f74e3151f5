import { describe } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { clusterTargets } from "../support/cluster-targets.ts";
import { useCluster } from "../support/use-cluster.ts";

/** Connects to the cluster of a target, through another server's URL where one is given. */
export type ConnectTarget = (through?: (server: string) => Promise<string>) => Promise<KubeApi>;

/** Runs the stock kubectl on the cluster of a target; gives what it printed, and fails where it failed. */
export type Kubectl = (args: readonly string[], stdin?: KubeObject) => Promise<string>;

/** Runs a suite against one cluster of every target: the sandbox, and a real API server. */
export function onEachTarget(suite: (connect: ConnectTarget, kubectl: Kubectl) => void): void {
  describe.each(clusterTargets())("on $name", ({ start }) => {
    const cluster = useCluster(start);
    const connect: ConnectTarget = async (through) => {
      const { server, token, ca } = cluster();
      const url = through === undefined ? server : await through(server);
      return connectServer({ server: url, token, ...(ca === undefined ? {} : { ca }) });
    };
    suite(connect, async (args, stdin) => {
      const input = stdin === undefined ? {} : { stdin: JSON.stringify(stdin) };
      const run = await cluster().kubectl(args, input);
      if (run.code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${run.stderr}`);
      return run.stdout;
    });
  });
}
