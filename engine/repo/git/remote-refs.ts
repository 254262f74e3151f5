import { EngineError } from "../../model/errors.ts";
import type { GitRunner } from "./exec.ts";
import { updateRefs } from "./transact.ts";
import type { RefInfo, RefMap, RefUpdate } from "./types.ts";
import { withCheckouts } from "./worktrees.ts";

/** Where the heads and tags of the remote are kept, apart from the user's own: no stale tag of a clone is ever trusted. */
export const TRACKING = "refs/strata/remote/";

/** Tracked refs by the names that they have on the remote. */
export function readTracked(refs: RefMap): RefMap {
  const named = new Map<string, RefInfo>();
  for (const [ref, info] of refs) named.set(`refs/${ref.slice(TRACKING.length)}`, info);
  return named;
}

/** The updates that make the tracked refs say what a push made of the remote. */
export function trackingUpdates(updates: readonly RefUpdate[]): RefUpdate[] {
  return updates
    .filter(({ from, to }) => from !== to)
    .map(({ ref, from, to }) => ({ ref: `${TRACKING}${ref.slice("refs/".length)}`, from, to }));
}

interface LocalMove {
  readonly run: GitRunner;
  readonly dir: string;
  /** A copy in the cache has no refs of its own. */
  readonly mirror: boolean;
  readonly local: RefMap;
  readonly updates: readonly RefUpdate[];
  readonly tracking: readonly RefUpdate[];
  readonly signal: AbortSignal;
  readonly isAncestor: (ancestor: string, descendant: string) => Promise<boolean>;
  readonly push: () => Promise<void>;
}

/**
 * Pushes, with the checked-out files moved first and moved back if the push fails, and then lets the refs of this clone
 * follow. Throws `unpushed-commits`, `dirty-files` before anything moved, and what the push throws.
 */
export async function moveLocally(move: LocalMove): Promise<void> {
  const here = move.mirror ? [] : await localUpdates(move);
  await withCheckouts(move.run, move.dir, here, move.signal, async () => {
    await move.push();
    await updateRefs(move.run, move.dir, here, move.signal);
  });
  // The next fetch says the same; a fetch that runs right now may have said it already.
  await updateRefs(move.run, move.dir, move.tracking, move.signal).catch((error: unknown) => {
    if (!(error instanceof EngineError) || error.code !== "ref-race") throw error;
  });
}

async function localUpdates(move: LocalMove): Promise<RefUpdate[]> {
  const updates: RefUpdate[] = [];
  for (const { ref, from, to } of move.updates) {
    const now = move.local.get(ref);
    if (from === to || now?.oid === to) continue;
    if (!ref.startsWith("refs/heads/")) updates.push({ ref, from: now?.oid ?? null, to });
    else if (now !== undefined) {
      if (from === null || !(await move.isAncestor(now.peeled, from))) throw unpushed(ref);
      updates.push({ ref, from: now.oid, to });
    }
  }
  return updates;
}

function unpushed(ref: string): EngineError {
  const branch = ref.slice("refs/heads/".length);
  return new EngineError("unpushed-commits", `your branch ${branch} has commits that the remote has not`, {
    hint: `publish them first (git push origin ${branch}), or bring them up to date (git pull --rebase)`,
  });
}
