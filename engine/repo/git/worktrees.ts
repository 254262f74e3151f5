import { setTimeout as delay } from "node:timers/promises";
import { EngineError } from "../../model/errors.ts";
import { expectOutput, gitFailed, type GitRunner } from "./exec.ts";
import type { RefUpdate } from "./types.ts";

/** A work tree that has a moving branch checked out. */
export interface Checkout {
  readonly path: string;
  readonly from: string | null;
  readonly to: string;
}

/** The work trees, the linked ones too, that have one of these branches checked out. */
export async function findCheckouts(
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
    checkouts.push({ path, from: update.from, to: update.to });
  }
  return checkouts;
}

/**
 * Lets index and files of a checkout follow its branch. Files that the move does not touch may be dirty.
 * Throws `dirty-files` with the names of touched ones, before anything changed.
 */
export async function followCheckout(run: GitRunner, checkout: Checkout, signal: AbortSignal): Promise<void> {
  await run(["-C", checkout.path, "update-index", "-q", "--refresh"], { signal });
  const args = ["-C", checkout.path, ...readTree(checkout.from, checkout.to)];
  for (let attempt = 1; ; attempt++) {
    const result = await run(args, { signal });
    if (result.code === 0) return;
    if (/index\.lock/.test(result.stderr) && attempt < 50) {
      await delay(20, undefined, { signal });
      continue;
    }
    throw dirtyFiles(checkout.path, result.stderr) ?? gitFailed(args, result.stderr);
  }
}

/** Takes {@link followCheckout} back after the refs could not move. */
export async function unfollowCheckout(run: GitRunner, checkout: Checkout): Promise<void> {
  const args = ["-C", checkout.path, ...readTree(checkout.to, checkout.from)];
  const result = await run(args);
  if (result.code !== 0) throw gitFailed(args, result.stderr);
}

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

function readTree(from: string | null, to: string | null): string[] {
  return ["read-tree", "-m", "-u", from ?? EMPTY_TREE, to ?? EMPTY_TREE];
}

function dirtyFiles(path: string, stderr: string): EngineError | undefined {
  const files = new Set<string>();
  for (const match of stderr.matchAll(
    /Entry '([^']+)' (?:not uptodate|would be overwritten)|Untracked working tree file '([^']+)'/g,
  )) {
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
