import { afterAll, beforeAll, describe } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { type Fleet, type FleetOptions, newFleet } from "./fleet.ts";

/** Makes a fleet on the clusters of a target; it leaves them when the test ends. */
export type NewFleet = (options: FleetOptions) => Promise<Fleet>;

/** Runs a suite on two clusters of every target: sandboxes, and real API servers. */
export function onEachTarget(suite: (fleet: NewFleet) => void): void {
  describe.each(clusterTargets())("on $name", ({ start }) => {
    let target: Target | undefined;
    beforeAll(async () => {
      target = await start(2);
    }, 600_000);
    afterAll(() => target?.stop());
    suite((options) => {
      if (target === undefined) throw new Error("there are no clusters before the tests");
      return newFleet(target, options);
    });
  });
}
