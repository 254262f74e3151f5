import { existsSync } from "node:fs";
import { EngineError } from "../../model/errors.ts";
import { expectOutput, gitFailed, type GitRunner } from "./exec.ts";
import { holdIndex, type HeldIndex } from "./index-lock.ts";
import { EMPTY_TREE } from "./parse-objects.ts";
import type { RefUpdate } from "./types.ts";

/** A work tree that has a moving branch checked out. */
interface Checkout {
  readonly path: string;
  readonly ref: string;
  readonly from: string | null;
  readonly to: string;
}

/**
 * Does `work`, which moves branches, and lets the files of every work tree that has one of them checked out follow: the
 * files move first, under the lock of the index, and move back if `work` fails. Files that the move does not touch may
 * be dirty. Throws `dirty-files` with the names of touched ones, `index-locked`, and what `work` throws.
 */
export async function withCheckouts(
  run: GitRunner,
  dir: string,
  updates: readonly RefUpdate[],
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  const moving = updates.filter(
    ({ ref, from, to }) => ref.startsWith("refs/heads/") && from !== to && to !== null,
  );
  const checkouts = moving.length === 0 ? [] : await findCheckouts(run, dir, moving, signal);
  const held: { readonly checkout: Checkout; readonly index: HeldIndex; moved: boolean }[] = [];
  try {
    for (const checkout of checkouts) {
      const place = {
        checkout,
        index: await holdIndex(await indexPath(run, checkout.path), signal),
        moved: false,
      };
      held.push(place);
      await assertUnmoved(run, checkout);
      await moveFiles(run, checkout.path, place.index, checkout.from, checkout.to);
      place.moved = true;
    }
    await work();
  } catch (error) {
    for (const { checkout, index, moved } of held.toReversed()) {
      if (moved) await moveFiles(run, checkout.path, index, checkout.to, checkout.from);
      await index.release();
    }
    throw error;
  }
  for (const { index } of held) await index.use();
}

async function findCheckouts(
  run: GitRunner,
  dir: string,
  updates: readonly RefUpdate[],
  signal: AbortSignal,
): Promise<Checkout[]> {
  const output = await expectOutput(run, ["--git-dir", dir, "worktree", "list", "--porcelain", "-z"], {
    signal,
  });
  const checkouts: Checkout[] = [];
  for (const block of output.toString("utf8").split("\0\0")) {
    const fields = block.split("\0");
    const path = fields.find((field) => field.startsWith("worktree "))?.slice("worktree ".length);
    const branch = fields.find((field) => field.startsWith("branch "))?.slice("branch ".length);
    const update = updates.find((candidate) => candidate.ref === branch);
    if (path === undefined || fields.includes("bare") || update?.to == null) continue;
    // Removed by hand, without `git worktree remove`: it has no files that could follow.
    if (!existsSync(path)) continue;
    checkouts.push({ path, ref: update.ref, from: update.from, to: update.to });
  }
  return checkouts;
}

/** Files move from what is checked out now: where that is no longer what was planned from, the race is lost already. */
async function assertUnmoved(run: GitRunner, checkout: Checkout): Promise<void> {
  const result = await run(["-C", checkout.path, "rev-parse", "--verify", "--quiet", checkout.ref]);
  const now = result.code === 0 ? result.stdout.toString("utf8").trim() : null;
  if (now === checkout.from) return;
  throw new EngineError("ref-race", `${checkout.ref} was moved by someone else at the same moment`, {
    retryable: true,
  });
}

async function indexPath(run: GitRunner, path: string): Promise<string> {
  const args = ["-C", path, "rev-parse", "--path-format=absolute", "--git-path", "index"];
  return (await expectOutput(run, args)).toString("utf8").trim();
}

async function moveFiles(
  run: GitRunner,
  path: string,
  index: HeldIndex,
  from: string | null,
  to: string | null,
): Promise<void> {
  const env = { GIT_INDEX_FILE: index.path };
  await run(["-C", path, "update-index", "-q", "--refresh"], { env });
  const args = ["-C", path, "read-tree", "-m", "-u", from ?? EMPTY_TREE, to ?? EMPTY_TREE];
  const result = await run(args, { env });
  if (result.code !== 0) throw dirtyFiles(path, result.stderr) ?? gitFailed(args, result.stderr);
}

function dirtyFiles(path: string, stderr: string): EngineError | undefined {
  const files = new Set<string>();
  const said = /Entry '([^']+)' (?:not uptodate|would be overwritten)|Untracked working tree file '([^']+)'/g;
  for (const match of stderr.matchAll(said)) {
    const file = match[1] ?? match[2];
    if (file !== undefined) files.add(file);
  }
  if (files.size === 0) return undefined;
  const names = [...files].sort();
  return new EngineError("dirty-files", `uncommitted changes stand in the way: ${names.join(", ")}`, {
    ...(names[0] === undefined ? {} : { file: names[0] }),
    hint: `commit or stash them in ${path} first (git stash push -- ${names[0] ?? ""})`,
    data: { files: names },
  });
}
