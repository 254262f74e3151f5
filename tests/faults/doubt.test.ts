import { describe, test } from "vitest";
import { deployment, layer, webhook } from "../apply/world.ts";
import type { Rule } from "../support/faults.ts";
import { FaultyWorld } from "./faulty-world.ts";
import { onEachTarget } from "./targets.ts";

const DISCOVERY = /^[^?]*\/apis(\?|$)/;

/** What a cluster cannot tell for a while. */
onEachTarget((open, direct) => {
  describe.concurrent("a cluster in doubt", () => {
    test("what is deleted while discovery is stale is made again", { timeout: 300_000 }, async ({
      expect,
    }) => {
      const line = await open();
      const world = new FaultyWorld(direct(), line, open, expect);
      const stale: Rule = { match: { path: DISCOVERY }, fault: { do: "stale-group", group: "apps" } };
      try {
        world.push(world.update.before);
        await world.expectHealed();
        world.proxy.setRules(stale);
        line.api.discovery.invalidate();
        // A pass that is in doubt of the kind, and has nothing to do
        world.push(world.update.before);
        await expect.poll(() => world.proxy.met, { timeout: 30_000 }).toBeGreaterThan(0);
        await world.world.delete(deployment(world.world.name, "web"));
        await expect.poll(() => world.said(), { timeout: 30_000 }).toContain("kind-unknown");
        world.proxy.setRules();
        await world.expectHealed();
      } finally {
        await world.close();
      }
    });

    test("a webhook waits where it cannot be told whether its Service has endpoints", {
      timeout: 300_000,
    }, async ({ expect }) => {
      const world = new FaultyWorld(direct(), await open(), open, expect);
      const { name } = world.world;
      try {
        world.proxy.setRules({ match: { kind: "endpointslices" }, fault: { do: "status", code: 403 } });
        world.push([...world.update.before, layer("hook", [webhook(name)])]);
        await expect
          .poll(() => world.live().message, { timeout: 60_000 })
          .toContain(`whether Service ${name}/web has ready endpoints cannot be told`);
        world.proxy.setRules();
        await world.expectHealed();
      } finally {
        await world.close();
      }
    });

    test("an inventory that was lost is put together again only where discovery tells all", {
      timeout: 300_000,
    }, async ({ expect }) => {
      const first = new FaultyWorld(direct(), await open(), open, expect);
      try {
        first.push(first.update.before);
        await first.expectHealed();
        await first.addForeign();
        await first.restart();
        await first.world.loseInventory();
        first.proxy.setRules({ match: { path: DISCOVERY }, fault: { do: "status", code: 503 } });
        first.push(first.update.after);
        await expect
          .poll(() => first.live().message, { timeout: 30_000 })
          .toContain("what the cluster serves");
        first.proxy.setRules();
        await first.expectHealed();
        first.expectDeletedOnly(first.update.leaving);
      } finally {
        await first.close();
      }
    });
  });
});
