import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tryLock, type Unlock } from "./file-lock.ts";

/** Shared by tests that keep to namespaces of their own. */
const NEVER_LEASED = "dev-1";

export interface ClusterLease {
  readonly contexts: readonly string[];
  release(): Promise<void>;
}

/**
 * Waits until `count` of the control plane's clusters that may be leased are free, and keeps all other test files
 * from leasing them. All are taken or none, so that two who want several never wait for each other.
 */
export async function leaseClusters(
  kubeconfig: string,
  contexts: readonly string[],
  count: number,
  signal: AbortSignal,
): Promise<ClusterLease> {
  const free = contexts.filter((context) => context !== NEVER_LEASED);
  if (count > free.length)
    throw new Error(`${count} clusters were asked for, but only ${free.length} may be leased`);
  const folder = join(dirname(await realpath(kubeconfig)), "leases");
  for (;;) {
    const locks = new Map<string, Unlock>();
    for (const context of free) {
      if (locks.size === count) break;
      const unlock = await tryLock(join(folder, context));
      if (unlock !== undefined) locks.set(context, unlock);
    }
    const release = async (): Promise<void> => {
      for (const unlock of locks.values()) await unlock();
    };
    if (locks.size === count) return { contexts: [...locks.keys()], release };
    await release();
    await delay(250 + Math.random() * 250, undefined, { signal });
  }
}
