import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { createRepository } from "../../engine/repo/repository.ts";
import { openGit } from "../../engine/repo/git/open-git.ts";
import { Engine } from "../../engine/sync/engine.ts";
import { memoryOf } from "./process-use.ts";

/**
 * A process of its own, so that its memory is an engine's alone: opens a repository, whose clusters it never reaches,
 * and prints as JSON how long passes over it take, in milliseconds, and its memory in bytes.
 */
const { values } = parseArgs({
  options: {
    repo: { type: "string" },
    one: { type: "string" },
    tag: { type: "string" },
    all: { type: "string" },
  },
});
const { repo: dir = "", one = "", tag = "", all = "" } = values;
const environment = { PATH: process.env.PATH ?? "", HOME: "/nonexistent" };
const git = (...args: string[]): string =>
  execFileSync("git", args, {
    cwd: dir,
    env: { ...environment, GIT_CONFIG_GLOBAL: "/dev/null" },
    encoding: "utf8",
  });

const start = performance.now();
const lasting = (): number => performance.now() - start;
const handle = await openGit(dir, {
  environment,
  cacheDir: `${dir}-cache`,
  signal: AbortSignal.timeout(60_000),
});
const engine = new Engine({
  repo: createRepository(handle),
  id: "bench",
  interval: 3_600_000,
  log: { warn: () => undefined },
  connect: (_connection, _cluster, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
});
await engine.look();
const cold = lasting();
const memoryAfterStart = await memoryOf(process.pid);

/** Moves a ref and looks. */
async function pass(ref: string, commit: string): Promise<number> {
  git("update-ref", ref, commit);
  const began = performance.now();
  await engine.look();
  return performance.now() - began;
}
const touchesOne = await pass("refs/heads/main", one);
// The tag alone: main stays where it is, as where a release is pushed from elsewhere
const makesAllPending = await pass(tag, all);
const pending = engine.fleet().filter(({ profiles }) => profiles.some((profile) => profile.updatesAvailable));
const memory = await memoryOf(process.pid);
process.stdout.write(
  `${JSON.stringify({ cold, touchesOne, makesAllPending, pending: pending.length, memoryAfterStart, memory })}\n`,
);
process.exit(0);
