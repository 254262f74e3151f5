import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { WALKS } from "../support/property-seed.ts";
import { git, tempDir } from "../support/temp-git.ts";
import { type Action, action, act } from "./walk/actions.ts";
import { expectAsModelled, expectNothingLost, expectSeenAsAnew, type Seen } from "./walk/invariants.ts";
import { makeStart, type Walk, walkFrom } from "./walk/walk.ts";

async function go(walk: Walk, actions: readonly Action[]): Promise<void> {
  const seen: Seen = { commits: new Set(), revisions: new Map() };
  await expectNothingLost(walk, seen);
  for (const each of [...actions, { do: "pass" } as const]) {
    await act(walk, each);
    await expectNothingLost(walk, seen);
    await expectSeenAsAnew(walk);
    if (walk.isSettled) await expectAsModelled(walk);
  }
  expect(await git(walk.dir, "fsck", "--strict", "--no-dangling")).toBe("");
}

test("on any way, a repository says what it should of every cluster, and forgets nothing", {
  timeout: 600_000,
}, async () => {
  const folder = await tempDir();
  const cacheDir = join(folder, "cache");
  await mkdir(join(folder, "start"));
  const start = await makeStart(join(folder, "start"), cacheDir);
  let walks = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.noBias(fc.array(action, { minLength: 6, maxLength: 30, size: "max" })),
      async (actions) => {
        await walkFrom(start, { dir: join(folder, `walk-${walks++}`), cacheDir }, (walk) =>
          go(walk, actions),
        );
      },
    ),
    { numRuns: WALKS },
  );
});
