import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { type SandboxCluster, startSandbox } from "./start-sandbox.ts";

/** The sandboxes of one engine, started when they are first asked for. */
export interface Sandboxes {
  /** @param formerNames names that the cluster had before, the latest first; asked for where it has no sandbox yet */
  get(cluster: string, formerNames: () => Promise<readonly string[]>): Promise<SandboxCluster>;
  close(): Promise<void>;
}

/**
 * Sandboxes whose objects are kept below `dir`, a folder for each cluster; `onStart` hears of each that starts. A
 * cluster that was renamed goes on with the sandbox that it had.
 */
export function openSandboxes(
  dir: string,
  onStart: (running: readonly SandboxCluster[]) => Promise<void>,
): Sandboxes {
  const started = new Map<string, Promise<SandboxCluster>>();

  async function start(
    cluster: string,
    formerNames: () => Promise<readonly string[]>,
  ): Promise<SandboxCluster> {
    const folder = join(dir, cluster);
    if (!existsSync(folder)) {
      const kept = (await formerNames()).find((name) => existsSync(join(dir, name)));
      if (kept !== undefined) {
        await (await started.get(kept))?.stop();
        started.delete(kept);
        await rename(join(dir, kept), folder);
      }
    }
    return startSandbox({ name: cluster, dir: folder });
  }

  return {
    get: async (cluster, formerNames) => {
      const known = started.get(cluster);
      if (known !== undefined) return known;
      const starting = start(cluster, formerNames);
      started.set(cluster, starting);
      starting.catch(() => started.delete(cluster));
      await starting;
      await onStart(await Promise.all(started.values()));
      return starting;
    },
    close: async () => {
      for (const sandbox of await Promise.all(started.values())) await sandbox.stop();
    },
  };
}
