import { afterAll, beforeAll, test } from "vitest";
import { realTargets, type Target } from "../support/cluster-targets.ts";
import { soak } from "./soak-run.ts";

/** `npm run soak` sets these. */
const { STRATA_SOAK_MINUTES, STRATA_SOAK_SEED, STRATA_SOAK_SERVERS, STRATA_SOAK_BIN } = process.env;
const minutes = Number(STRATA_SOAK_MINUTES ?? 5);
/** Always the same operations, so that a change is judged by what it changed. */
const seed = Number(STRATA_SOAK_SEED ?? 2);
/** More would have other tests wait. */
const servers = Number(STRATA_SOAK_SERVERS ?? 2);

let target: Target;
beforeAll(async () => {
  const [real] = realTargets();
  if (real === undefined) throw new Error("there are no API servers");
  target = await real.start(servers);
}, 600_000);
afterAll(async () => {
  for (const cluster of target.clusters) await cluster.wipe();
  await target.stop();
});

test("whatever is done and goes wrong, each cluster runs what is approved for it in the end", {
  timeout: (minutes + 30) * 60_000,
}, async () => {
  const say = (line: string): void => void process.stderr.write(`soak: ${line}\n`);
  await soak(target, { minutes, seed, bin: STRATA_SOAK_BIN, say });
});
