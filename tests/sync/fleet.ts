import { onTestFinished } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { Engine } from "../../engine/sync/engine.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { openTestRepository } from "../support/temp-git.ts";

export interface RunningEngine {
  readonly engine: Engine;
  /** One connection for each cluster, in the order in which they were opened. */
  readonly apis: readonly KubeApi[];
  /** Requests that went to clusters so far. */
  readonly requests: () => number;
}

/** An engine on a repository, every cluster of which is a sandbox of its own; closed when the test ends. */
export async function startEngine(location: string): Promise<RunningEngine> {
  const apis: KubeApi[] = [];
  const engine = new Engine({
    repo: await openTestRepository(location),
    interval: 600_000,
    log: { warn: () => undefined },
    connect: async (_connection, cluster) => {
      const sandbox = await startSandbox({ name: cluster });
      onTestFinished(() => sandbox.stop());
      const api = connectServer({ server: sandbox.server, token: sandbox.token });
      apis.push(api);
      return api;
    },
  });
  onTestFinished(() => engine.close());
  await engine.start();
  return { engine, apis, requests: () => apis.reduce((sum, api) => sum + api.requests, 0) };
}
