import type { Problem } from "../model/errors.ts";
import type { Lock, LockEntry } from "../model/lock.ts";
import { fillLock, isLockComplete, relock } from "../repo/locks/fill-locks.ts";
import { formatLock } from "../repo/locks/format-lock.ts";
import { lockFile } from "../repo/paths.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { FleetState } from "./fleet-state.ts";
import { orphanProblems } from "./merge-profile.ts";

export interface LockEdits {
  /** Text of `strata.lock` by path. */
  readonly edits: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/**
 * The edits that complete the locks of all valid clusters of a state: entries that are missing, and overrides merged
 * with what is locked, as far as they fit it. With `relocks`, what nothing holds is chosen anew.
 */
export async function completeLocks(
  fleet: FleetState,
  { relocks }: { readonly relocks: boolean },
): Promise<LockEdits> {
  const { reader, state } = fleet;
  const edits = new Map<string, string>();
  const problems: Problem[] = [];
  for (const entry of state.snapshot.clusters.values()) {
    if (entry.cluster === undefined || entry.cluster.spec.deletion !== undefined) continue;
    if (entry.problems.length > 0 && !relocks) continue;
    const filled = isLockComplete(entry) ? entry.lock : (await fillLock(reader, state, entry)).lock;
    const chosen = relocks
      ? await relock(reader, state, { ...entry, lock: filled })
      : { lock: filled, problems: [] };
    const merged = await mergeLock(fleet, entry, chosen.lock);
    problems.push(...chosen.problems, ...merged.problems);
    if (formatLock(merged.lock) !== formatLock(entry.lock))
      edits.set(lockFile(entry.name), formatLock(merged.lock));
  }
  return { edits, problems };
}

/** The lock with the overrides of each profile merged with what is locked, where they all fit it. */
async function mergeLock(
  { renderer, state }: FleetState,
  entry: ClusterEntry,
  lock: Lock,
): Promise<{ readonly lock: Lock; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const profiles: Record<string, LockEntry> = { ...lock.profiles };
  for (const profile of entry.overrides.keys()) {
    const locked = lock.profiles[profile];
    if (locked === undefined || locked.merged === locked.tree) continue;
    const defaults = state.snapshot.settings.spec;
    const merged = await renderer.merge({ ...entry, lock }, profile, locked.tree, defaults);
    const found = [
      ...merged.problems,
      ...orphanProblems(merged.layers, `${profile}@${locked.version}`, entry.name),
    ];
    if (found.length === 0) profiles[profile] = { ...locked, merged: locked.tree };
    problems.push(...found);
  }
  return { lock: { profiles }, problems };
}
