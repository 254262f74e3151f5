import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, test } from "vitest";
import { z } from "zod";
import { createCli } from "../e2e/cli.ts";
import { gitEnv, tempDir } from "../support/temp-git.ts";
import { bundle } from "./bundle.ts";
import { alternate, median, timed } from "./figures.ts";
import { type LargeFleet, largeFleet } from "./large-fleet.ts";
import { BUILT } from "./serving.ts";
import { megabytes, ms, tell } from "./line.ts";

const exec = promisify(execFile);
const ENGINE = join(import.meta.dirname, "large-fleet-engine.ts");
let engine = "";
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "strata-bench-"));
  engine = await bundle(ENGINE, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SIZES = [100, 1_000, 10_000];
const LARGEST = 10_000;
const GOALS = { cold: 2, pendingMs: 5_000, memory: 400_000_000 };

const Passes = z.object({
  cold: z.number(),
  touchesOne: z.number(),
  makesAllPending: z.number(),
  pending: z.number(),
  memory: z.object({ now: z.number(), peak: z.number() }),
});
type Passes = z.infer<typeof Passes>;

/** Reads all that main holds, as fast as Git does it. */
async function readAll(dir: string): Promise<void> {
  const script = "git ls-tree -r main | cut -c13-52 | git cat-file --batch --buffer >/dev/null";
  await exec("sh", ["-c", script], { cwd: dir, env: gitEnv() });
}

/** An engine's passes over a copy of the repository. */
async function passesOver(fleet: LargeFleet): Promise<Passes> {
  const dir = join(await tempDir(), "fleet");
  await cp(fleet.dir, dir, { recursive: true });
  const moves = ["--one", fleet.touchesOne, "--tag", fleet.tag, "--all", fleet.makesAllPending];
  const args = [engine, "--repo", dir, ...moves];
  const { stdout } = await exec(process.execPath, args, { env: gitEnv() });
  const passes = Passes.parse(JSON.parse(stdout));
  if (passes.pending !== fleet.clusters) throw new Error(`${passes.pending} clusters have an update pending`);
  return passes;
}

test.for(SIZES)("%i clusters", async (size, context) => {
  const fleet = await largeFleet(size);
  const all: Passes[] = [];
  const runs = await alternate(5, {
    floor: () => timed(() => readAll(fleet.dir)),
    strata: async () => {
      const passes = await passesOver(fleet);
      all.push(passes);
      return passes.cold;
    },
  });
  const isLargest = size === LARGEST;
  const clusters = `${size.toLocaleString("en")} clusters`;
  const ratio = median(runs.strata) / median(runs.floor);
  tell(context, {
    what: `${clusters}, 1,000 tags: cold start`,
    ratio,
    strata: ms(median(runs.strata)),
    floor: `${ms(median(runs.floor))} (git ls-tree, cat-file --batch)`,
    ...(isLargest ? { goal: `≤ ${GOALS.cold}×`, isMet: ratio <= GOALS.cold } : {}),
  });
  tell(context, {
    what: `${clusters}: a commit that touches one`,
    strata: ms(median(all.map((passes) => passes.touchesOne))),
  });
  const pending = median(all.map((passes) => passes.makesAllPending));
  tell(context, {
    what: `${clusters}: a tag move that makes all pending`,
    strata: ms(pending),
    ...(isLargest ? { goal: `< ${ms(GOALS.pendingMs)}`, isMet: pending < GOALS.pendingMs } : {}),
  });
  const peak = median(all.map(({ memory }) => memory.peak));
  const now = median(all.map(({ memory }) => memory.now));
  tell(context, {
    what: `${clusters}: memory after that (at its highest)`,
    strata: `${megabytes(now)} (${megabytes(peak)})`,
    ...(isLargest ? { goal: `< ${megabytes(GOALS.memory)}`, isMet: peak < GOALS.memory } : {}),
  });
  tell(context, await confirmAll(fleet, clusters));
});

async function confirmAll(fleet: LargeFleet, clusters: string) {
  const took: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const home = await tempDir();
    const dir = join(home, "fleet");
    await cp(fleet.dir, dir, { recursive: true });
    await exec("git", ["update-ref", "refs/heads/main", fleet.makesAllPending], { cwd: dir, env: gitEnv() });
    await exec("git", ["reset", "-q", "--hard"], { cwd: dir, env: gitEnv() });
    const cli = createCli(home, dir, BUILT);
    await cli.ok(["release"]);
    took.push(await timed(() => cli.ok(["updates", "confirm", "--filter", "profile is app", "--yes"])));
  }
  return { what: `${clusters}: confirming one update on all, one commit`, strata: ms(median(took)) };
}
