import { randomBytes } from "node:crypto";
import type { Target } from "../support/cluster-targets.ts";
import { pace } from "./change-cluster.ts";
import { type Engines, newEngines } from "./engines.ts";
import { type OperationKind, operationOf } from "./operations.ts";
import { randomNumbers } from "./random.ts";
import { openSoakCluster } from "./soak-cluster.ts";
import { newSoakWorld, type SoakWorld } from "./soak-world.ts";

export interface SoakOptions {
  readonly minutes: number;
  /** Of the choice of operations. */
  readonly seed: number;
  /** The program; left out: from source. */
  readonly bin: string | undefined;
  readonly say: (line: string) => void;
}

const SETTLED_WITHIN = 6 * 60_000;
const OPERATIONS = 30;
/** In the second half the engine lives on, so that its memory over time shows. */
const KILLS: ReadonlySet<OperationKind> = new Set(["kill"]);

interface Fleet {
  readonly kind: string;
  readonly world: SoakWorld;
  readonly engines: Engines;
}

/**
 * Two fleets on the same API servers, one engine over HTTP/2 and one over HTTP/1.1: random operations for so many
 * minutes, and after each round of them a look at all that must hold.
 * @throws where something does not hold, with what
 */
export async function soak(target: Target, options: SoakOptions): Promise<void> {
  const { seed, say, minutes } = options;
  say(`seed ${seed}, ${minutes} minutes, ${target.clusters.length} API servers`);
  const begun = Date.now();
  const end = begun + minutes * 60_000;
  const fleets = await Promise.all(
    [
      { kind: "HTTP/2", secure: true },
      { kind: "HTTP/1.1", secure: false },
    ].map(({ kind, secure }) => openFleet(target, kind, secure, options)),
  );
  const sampling = setInterval(() => {
    for (const { engines } of fleets) void engines.main.sample().catch(() => undefined);
  }, 5_000);
  try {
    const ended = await Promise.allSettled(
      fleets.map((fleet, index) => soakFleet(fleet, { ...options, seed: seed + index, begun, end })),
    );
    const failed = ended.find((one) => one.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  } finally {
    clearInterval(sampling);
    for (const { kind, world, engines } of fleets) {
      for (const line of [...world.figures.lines(), engines.main.memory.line()]) say(`${kind}: ${line}`);
      await engines.rival.kill();
      await engines.main.kill();
      await world.close();
    }
  }
}

async function openFleet(
  target: Target,
  kind: string,
  secure: boolean,
  { bin }: SoakOptions,
): Promise<Fleet> {
  const name = `t-${randomBytes(4).toString("hex")}`;
  const clusters = await Promise.all(
    target.clusters.map((cluster, index) => openSoakCluster(`${name}-${index}`, name, cluster, secure)),
  );
  const world = await newSoakWorld(name, clusters);
  return { kind, world, engines: await newEngines(world, bin) };
}

async function soakFleet(
  { kind, world, engines }: Fleet,
  { seed, begun, end, say }: SoakOptions & { readonly begun: number; readonly end: number },
): Promise<void> {
  const numbers = randomNumbers(seed);
  const expectNothing = (wrong: readonly string[], when: string): void => {
    if (wrong.length > 0) throw new Error(`${kind}, ${when}:\n${wrong.join("\n")}\n${engines.main.log()}`);
  };
  await engines.main.start();
  expectNothing(await world.settle(engines.main, SETTLED_WITHIN), "at the beginning");
  for (const cluster of world.clusters) await cluster.addForeign();
  for (let round = 1; Date.now() < end; round += 1) {
    const isFirstHalf = Date.now() < (begun + end) / 2;
    for (let step = 0; step < OPERATIONS && Date.now() < end; step += 1) {
      const operation = operationOf(
        [numbers.next().value, numbers.next().value, numbers.next().value],
        isFirstHalf ? undefined : KILLS,
      );
      await world.run(operation, engines.main, engines.operate);
      for (const engine of [engines.main, engines.rival]) engine.check();
      await pace(operation);
    }
    const settling = Date.now();
    expectNothing(await world.settle(engines.main, SETTLED_WITHIN), `after round ${round}`);
    const took = Math.round((Date.now() - settling) / 1_000);
    if (isFirstHalf || Date.now() >= end)
      expectNothing(await world.restartCold(engines.main, SETTLED_WITHIN), `cold, after round ${round}`);
    await engines.main.sample();
    const minute = ((Date.now() - begun) / 60_000).toFixed(1);
    const { operations } = world.figures;
    say(
      `${minute} min, ${kind}: round ${round}, ${operations} operations, all right after ${took} s, RSS ${engines.main.memory.last}`,
    );
  }
  for (const { name, proxy } of world.clusters) {
    const expected = kind.replace(/^HTTP\//, "").replace(/^2$/, "2.0");
    if (!proxy.versions.has(expected)) throw new Error(`${name}: HTTP ${[...proxy.versions].join(", ")}`);
  }
}
