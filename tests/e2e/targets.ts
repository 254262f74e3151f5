import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, inject } from "vitest";
import { clusterTargets, type Target as Leased } from "../support/cluster-targets.ts";
import { useClusters } from "../support/use-cluster.ts";
import type { Cli } from "./cli.ts";

const exec = promisify(execFile);

/** Where a story is played: real API servers, or the sandbox in the engine. */
export interface Target {
  /** Arguments of `cluster create` that name the story's n-th cluster. */
  connection(index: number): string[];
  /** Arguments of `serve`. */
  readonly serve: string[];
  /** The stock kubectl on the story's n-th cluster; it must end with 0. */
  kubectl(cli: Cli, index: number, cluster: string, ...args: string[]): Promise<string>;
}

/** Runs a suite on every kind of clusters, with so many of them. */
export function onEachTarget(clusters: number, suite: (target: () => Target) => void): void {
  describe.each(clusterTargets())("on $name", ({ name, start }) => {
    if (name === "sandbox") {
      suite(sandboxesOfEngine);
      return;
    }
    const leased = useClusters(start, clusters);
    afterAll(async () => {
      for (const cluster of leased().clusters) await cluster.wipe();
    });
    suite(() => realServers(leased()));
  });
}

function realServers({ kubeconfig, clusters }: Leased): Target {
  const contexts = clusters.map(({ context }) => context);
  const context = (index: number): string => contexts[index] ?? "";
  return {
    connection: (index) => ["--context", context(index)],
    serve: ["--kubeconfig", kubeconfig, ...contexts.flatMap((name) => ["--allow-context", name])],
    kubectl: (_cli, index, _cluster, ...args) => kubectl(kubeconfig, context(index), args),
  };
}

/** Sandboxes inside the engine, reached as a user would: by the kubeconfig that `serve` writes. */
function sandboxesOfEngine(): Target {
  return {
    connection: () => ["--sandbox"],
    serve: [],
    kubectl: async (cli, _index, cluster, ...args) => {
      const folder = join(cli.home, "state", "strata", "kubeconfigs");
      const [file = ""] = await readdir(folder);
      return kubectl(join(folder, file), cluster, args);
    },
  };
}

async function kubectl(kubeconfig: string, context: string, args: readonly string[]): Promise<string> {
  const all = ["--kubeconfig", kubeconfig, "--context", context, ...args];
  return (await exec(inject("kubectl"), all, { timeout: 60_000, maxBuffer: 1 << 26 })).stdout;
}
