import { afterAll, beforeAll } from "vitest";
import type { ClusterTarget, Target, TargetCluster } from "../support/cluster-targets.ts";

/** Real clusters for the rows of a file, as they were before it. */
export function useClusters(start: ClusterTarget["start"], count: number): () => Target {
  let target: Target | undefined;
  beforeAll(async () => {
    target = await start(count);
  }, 600_000);
  afterAll(() => target?.stop());
  return () => {
    if (target === undefined) throw new Error("there are no clusters before the rows");
    return target;
  };
}

/** One real cluster for the rows of a file. */
export function useCluster(start: ClusterTarget["start"]): () => TargetCluster {
  const target = useClusters(start, 1);
  return () => {
    const [first] = target().clusters;
    if (first === undefined) throw new Error("there is no cluster");
    return first;
  };
}

/** Measures, and then leaves the cluster as it was, so that every run finds the same. */
export async function onClean(cluster: TargetCluster, measure: () => Promise<number>): Promise<number> {
  try {
    return await measure();
  } finally {
    await cluster.wipe();
  }
}
