import { describe } from "vitest";
import { clusterTargets } from "../support/cluster-targets.ts";
import { useClusters } from "../support/use-cluster.ts";
import { type Fleet, type FleetOptions, newFleet } from "./fleet.ts";

/** Makes a fleet on the clusters of a target; it leaves them when the test ends. */
export type NewFleet = (options: FleetOptions) => Promise<Fleet>;

/** Runs a suite on two clusters of every target: sandboxes, and real API servers. */
export function onEachTarget(suite: (fleet: NewFleet) => void): void {
  describe.each(clusterTargets())("on $name", ({ start }) => {
    const target = useClusters(start, 2);
    suite((options) => newFleet(target(), options));
  });
}
