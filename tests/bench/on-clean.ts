import type { TargetCluster } from "../support/cluster-targets.ts";

/** Measures, and then leaves the cluster as it was, so that every run finds the same. */
export async function onClean(cluster: TargetCluster, measure: () => Promise<number>): Promise<number> {
  try {
    return await measure();
  } finally {
    await cluster.wipe();
  }
}
