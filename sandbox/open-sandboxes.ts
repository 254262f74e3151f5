import { join } from "node:path";
import { type SandboxCluster, startSandbox } from "./start-sandbox.ts";

/** The sandboxes of one engine, started when they are first asked for. */
export interface Sandboxes {
  get(cluster: string): Promise<SandboxCluster>;
  close(): Promise<void>;
}

/** Sandboxes whose objects are kept below `dir`, a folder for each cluster; `onStart` hears of each that starts. */
export function openSandboxes(
  dir: string,
  onStart: (running: readonly SandboxCluster[]) => Promise<void>,
): Sandboxes {
  const started = new Map<string, Promise<SandboxCluster>>();
  return {
    get: async (cluster) => {
      const known = started.get(cluster);
      if (known !== undefined) return known;
      const starting = startSandbox({ name: cluster, dir: join(dir, cluster) });
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
