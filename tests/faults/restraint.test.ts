import { describe, expect, test } from "vitest";
import type { Rule } from "../support/faults.ts";
import { FaultyWorld } from "./faulty-world.ts";
import { onEachTarget } from "./targets.ts";

/** A loop without restraint sends thousands in this time. */
const WINDOW = { timeout: 5_000, interval: 50 };
const MOST = 120;

const WRITES = ["POST", "PUT", "PATCH", "DELETE"];
const lasting: readonly { readonly fault: string; readonly rule: Rule }[] = [
  { fault: "nothing gets through", rule: { match: {}, fault: { do: "drop", when: "before" } } },
  { fault: "the server is not available", rule: { match: {}, fault: { do: "status", code: 503 } } },
  { fault: "everything is forbidden", rule: { match: {}, fault: { do: "status", code: 403 } } },
  { fault: "writes conflict", rule: { match: { method: WRITES }, fault: { do: "status", code: 409 } } },
  { fault: "writes are too many", rule: { match: { method: WRITES }, fault: { do: "status", code: 429 } } },
  { fault: "writes are forbidden", rule: { match: { method: WRITES }, fault: { do: "status", code: 403 } } },
  { fault: "watches end at once", rule: { match: { watch: true }, fault: { do: "end-watch", after: 0 } } },
  {
    fault: "watches expire at once",
    rule: { match: { watch: true }, fault: { do: "end-watch", after: 0, expired: true } },
  },
  { fault: "answers are pages", rule: { match: {}, fault: { do: "answer", body: "<html></html>" } } },
];

/** More rounds of deleting than one. */
const ANOTHER_ROUND = { timeout: 5_000, interval: 50 };

onEachTarget((open, direct) => {
  test("who is told when to delete again keeps to it, whatever happens in the cluster", {
    timeout: 300_000,
  }, async () => {
    const world = new FaultyWorld(direct(), await open(), open, expect);
    const deletes = () => world.proxy.seen.filter(({ method }) => method === "DELETE").length;
    try {
      world.push(world.update.before);
      await world.expectHealed();
      const fault = { do: "status", code: 429, retryAfter: 300 } as const;
      world.proxy.setRules({ match: { method: ["DELETE"] }, fault });
      world.push(world.update.after);
      await expect.poll(() => world.said(), { timeout: 60_000 }).toContain("api-429");
      const before = deletes();
      // What is waited for is no more: an event that would hurry on
      for (const object of world.update.leaving)
        if (object.kind === "Service") await world.world.delete(object);
      await expect(expect.poll(deletes, ANOTHER_ROUND).toBeGreaterThan(before)).rejects.toThrow();
      world.proxy.setRules();
      world.push(world.update.after);
      await world.expectHealed();
    } finally {
      await world.close();
    }
  });

  describe.concurrent("a fault that lasts", () => {
    test.for(lasting)(
      "$fault: it is asked again with restraint",
      { timeout: 300_000 },
      async ({ rule }, { expect }) => {
        const timing = { backoffMs: 500, maxBackoffMs: 60_000 };
        const world = new FaultyWorld(direct(), await open(timing), open, expect);
        try {
          world.push(world.update.before);
          await world.expectHealed();
          world.proxy.setRules(rule);
          world.proxy.cutWatches();
          world.push(world.update.after);
          await expect.poll(() => world.proxy.met, { timeout: 60_000 }).toBeGreaterThan(5);
          const before = world.proxy.seen.length;
          const tooMany = expect.poll(() => world.proxy.seen.length - before, WINDOW).toBeGreaterThan(MOST);
          await expect(tooMany).rejects.toThrow();
        } finally {
          await world.close();
        }
      },
    );
  });
});
