import fc from "fast-check";
import { expect, test } from "vitest";
import type { Rule } from "../support/faults.ts";
import { WALKS } from "../support/property-seed.ts";
import { type FaultCase, cases } from "./cases.ts";
import { FaultyWorld } from "./faulty-world.ts";
import { onSandbox } from "./targets.ts";

/** One commit, and what goes wrong from then on until the next one. */
interface Step {
  readonly push: "before" | "after";
  readonly faults: readonly { readonly fault: FaultCase; readonly from: number; readonly count: number }[];
  readonly cuts: boolean;
  /** Requests that meet a fault before the next step. */
  readonly met: number;
}

const fault = fc.record({
  fault: fc.constantFrom(...cases),
  from: fc.integer({ min: 1, max: 6 }),
  count: fc.integer({ min: 1, max: 8 }),
});
const step: fc.Arbitrary<Step> = fc.record({
  push: fc.constantFrom("before", "after"),
  faults: fc.array(fault, { minLength: 1, maxLength: 3 }),
  cuts: fc.boolean(),
  met: fc.integer({ min: 1, max: 6 }),
});

function rulesOf({ faults }: Step, name: string): readonly Rule[] {
  return faults.flatMap(({ fault: { rules }, from, count }) =>
    rules(name).map(({ match, fault: what }) => ({
      match: { ...match, nth: [from, from + count - 1] as const },
      fault: what,
    })),
  );
}

// The servers of a control plane are shared: random faults meet the sandbox alone
onSandbox((open, direct) => {
  test("whatever goes wrong in whatever order, the end is the same", { timeout: 1_800_000 }, async () => {
    const schedules = fc.array(step, { minLength: 2, maxLength: 5 });
    const property = fc.asyncProperty(schedules, async (steps) => {
      const world = new FaultyWorld(direct(), await open(), open, expect);
      const { name } = world.world;
      const { before, after, leaving, coming } = world.update;
      try {
        world.push(before);
        await world.expectHealed();
        await world.addForeign();
        for (const each of steps) {
          world.proxy.setRules(...rulesOf(each, name));
          if (each.cuts) world.proxy.cutWatches();
          world.push(each.push === "before" ? before : after);
          await expect
            .poll(() => world.proxy.met >= each.met || world.isSettled(), { timeout: 60_000 })
            .toBe(true);
        }
        world.proxy.setRules();
        await world.expectHealed();
        world.expectDeletedOnly([...leaving, ...coming]);
      } finally {
        await world.close();
      }
    });
    await fc.assert(property, { numRuns: Math.ceil(WALKS / 4), endOnFailure: true });
  });
});
