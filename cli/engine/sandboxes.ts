import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { formerNames } from "../../engine/repo/former-names.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import type { Connect } from "../../engine/sync/cluster-runner.ts";
import type { SandboxCluster, Sandboxes } from "../../sandbox/index.ts";

export interface EngineSandboxes {
  /** Reaches a cluster's sandbox, started on first use. */
  readonly connect: Connect;
  close(): Promise<void>;
}

/**
 * The sandboxes of one engine on a repository. Their objects are kept below `folder`; `kubeconfig` lets kubectl in, with
 * one context a cluster, for as long as the engine runs.
 */
export function createSandboxes(repo: Repository, folder: string, kubeconfig: string): EngineSandboxes {
  let open: Promise<Sandboxes> | undefined;
  const sandboxes = async () => {
    const { openSandboxes } = await import("../../sandbox/index.ts");
    return openSandboxes(folder, (running) => writeKubeconfig(kubeconfig, running));
  };
  return {
    connect: async (_connection, cluster, signal) => {
      open ??= sandboxes();
      const before = async () => formerNames(repo.git, await repo.loadKnown(signal), cluster);
      const { server, token } = await (await open).get(cluster, before);
      const { connectServer } = await import("../../engine/cluster/kube-api.ts");
      return connectServer({ server, token });
    },
    close: async () => {
      await (await open)?.close();
      await rm(kubeconfig, { force: true });
    },
  };
}

async function writeKubeconfig(path: string, running: readonly SandboxCluster[]): Promise<void> {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: running.map(({ name, kubectlServer }) => ({ name, cluster: { server: kubectlServer } })),
    contexts: running.map(({ name }) => ({ name, context: { cluster: name, user: "" } })),
    "current-context": running[0]?.name ?? "",
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
}
