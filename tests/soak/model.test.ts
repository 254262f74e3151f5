import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import pLimit from "p-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { WALKS } from "../support/property-seed.ts";
import { LocalEngine } from "./local-engine.ts";
import { type Operation, operationOf, type OperationKind } from "./operations.ts";
import { openSoakCluster } from "./soak-cluster.ts";
import { newSoakWorld } from "./soak-world.ts";

const CLUSTERS = 2;
/** They wait more than they work. */
const AT_ONCE = 4;
const SETTLED_WITHIN = 90_000;
/** They take processes, or minutes. */
const WITHOUT: ReadonlySet<OperationKind> = new Set(["freeze", "rival", "fault"]);

let target: Target;
beforeAll(async () => {
  const sandbox = clusterTargets().find(({ name }) => name === "sandbox");
  if (sandbox === undefined) throw new Error("there is no sandbox");
  target = await sandbox.start(CLUSTERS);
});
afterAll(() => target.stop());

const number = fc.nat({ max: 2 ** 31 - 1 });
const operations = fc.array(
  fc.tuple(number, number, number).map((numbers) => operationOf(numbers, WITHOUT)),
  { minLength: 5, maxLength: 20 },
);

/** Does it all to a new fleet; returns what is not as the model says in the end. */
async function outcome(steps: readonly Operation[]): Promise<readonly string[]> {
  const name = `t-${randomBytes(4).toString("hex")}`;
  const clusters = await Promise.all(
    target.clusters.map((cluster, index) => openSoakCluster(`${name}-${index}`, name, cluster, false)),
  );
  const world = await newSoakWorld(name, clusters);
  const engine = new LocalEngine(world.repository.dir, clusters);
  try {
    await engine.start();
    const begun = await world.settle(engine, SETTLED_WITHIN);
    if (begun.length > 0) return begun;
    for (const cluster of clusters) await cluster.addForeign();
    for (const step of steps) await world.run(step, engine, async () => false);
    const settled = await world.settle(engine, SETTLED_WITHIN);
    return settled.length > 0 ? settled : await world.restartCold(engine, SETTLED_WITHIN);
  } finally {
    await engine.kill();
    await world.close();
  }
}

test("whatever is done in whatever order, each cluster runs what is approved for it", {
  timeout: 1_800_000,
}, async () => {
  const limit = pLimit(AT_ONCE);
  const walks = fc.sample(operations, WALKS);
  // One that throws is told with its steps, when the others are done too
  const told = (error: unknown): readonly string[] => [inspect(error)];
  const outcomes = walks.map((steps) =>
    limit(async () => ({ steps, wrong: await outcome(steps).catch(told) })),
  );
  for (const { steps, wrong } of await Promise.all(outcomes)) {
    expect(wrong, JSON.stringify(steps)).toEqual([]);
  }
});
