import { afterAll, beforeAll } from "vitest";
import type { ClusterTarget, Target, TargetCluster } from "./cluster-targets.ts";

/** Clusters that the tests of a suite have for themselves. */
export function useClusters(start: ClusterTarget["start"], count: number): () => Target {
  let target: Target | undefined;
  beforeAll(async () => {
    target = await start(count);
  }, 600_000);
  afterAll(() => target?.stop());
  return () => {
    if (target === undefined) throw new Error("there are no clusters before the tests");
    return target;
  };
}

/** One cluster that the tests of a suite have for themselves. */
export function useCluster(start: ClusterTarget["start"]): () => TargetCluster {
  const target = useClusters(start, 1);
  return () => {
    const [first] = target().clusters;
    if (first === undefined) throw new Error("there is no cluster");
    return first;
  };
}
