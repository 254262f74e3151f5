import { describe, it } from "vitest";
import type { Rule } from "../support/faults.ts";
import { configMap } from "../apply/world.ts";
import { FaultyWorld } from "./faulty-world.ts";
import { objectIdOf } from "../../engine/model/kube-object.ts";
import type { OpenLine } from "./targets.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { cases } from "./cases.ts";

const NEVER = new AbortController().signal;
const MINUTES = 300_000;

/** An apply, an update, and a roll back with drift: each begun under a fault that ends, and each comes right by itself. */
export function faultsSuite(open: OpenLine, direct: () => KubeApi): void {
  describe.concurrent("faults of the API", () => {
    it.for(cases)("$fault", { timeout: MINUTES }, async ({ rules, says, met = 1, cuts }, { expect }) => {
      const world = new FaultyWorld(direct(), await open(), open, expect);
      const { before, after } = world.update;
      // Watches that were cut are opened again, whatever else there is to do
      const least = cuts === true ? 1 : 0;
      const under = async (of: readonly Rule[], begin: () => Promise<void> | void): Promise<void> => {
        world.proxy.setRules(...of);
        if (cuts === true) world.proxy.cutWatches();
        await begin();
        // Where an engine need not ask for what is faulty, it is done meanwhile
        const isPast = (): boolean =>
          world.proxy.met >= met || (world.proxy.met >= least && world.isSettled());
        await expect.poll(isPast, { timeout: 60_000 }).toBe(true);
        if (says !== undefined && world.proxy.met > 0)
          await expect.poll(() => world.said(), { timeout: 30_000 }).toContain(says);
        world.proxy.setRules();
        await world.expectHealed();
      };
      try {
        await under(rules(world.world.name), () => world.push(before));
        await world.addForeign();
        await under(rules(world.world.name), () => world.push(after));
        world.expectDeletedOnly(world.update.leaving);
        await under(rules(world.world.name), async () => {
          await drift(world);
          world.push(before);
        });
        world.expectDeletedOnly([...world.update.leaving, ...world.update.coming]);
      } finally {
        await world.close();
      }
    });
  });
}

/** Somebody changes a value and deletes an object. */
async function drift({ world }: FaultyWorld): Promise<void> {
  const settings = configMap(world.name, "settings");
  const change = { op: "add", path: "/data/value", value: "theirs" } as const;
  await world.api.jsonPatch(await world.typeOf(settings), objectIdOf(settings), [change], NEVER);
  await world.delete({ ...settings, kind: "Secret", metadata: { name: "token", namespace: world.name } });
}
