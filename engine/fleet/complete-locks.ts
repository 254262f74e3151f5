import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../model/errors.ts";
import type { Lock, LockEntry } from "../model/lock.ts";
import { fillLock, isLockComplete, relock } from "../repo/locks/fill-locks.ts";
import { formatLock } from "../repo/locks/format-lock.ts";
import { moveLock } from "../repo/locks/move-lock.ts";
import { lockFile } from "../repo/paths.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { FleetState } from "./fleet-state.ts";
import { type MergedLayer, orphanProblems } from "./merge-profile.ts";

/** What one lock comes to say of a profile, and what that means for the cluster's overrides of it. */
export interface LockedProfile {
  readonly cluster: string;
  readonly profile: string;
  /** Undefined where the lock did not name the profile. */
  readonly before: LockEntry | undefined;
  /** Undefined where the cluster no longer has the profile. */
  readonly after: LockEntry | undefined;
  /** What was merged; none where the cluster overrides nothing in it. */
  readonly layers: readonly MergedLayer[];
  /** Overrides that do not fit, or cannot be read. */
  readonly problems: readonly Problem[];
}

export interface LockEdits {
  /** Text of `strata.lock` by path. */
  readonly edits: ReadonlyMap<string, string>;
  /** What is new in them, profile by profile. */
  readonly locked: readonly LockedProfile[];
  readonly problems: readonly Problem[];
}

/**
 * The edits that complete the locks of all valid clusters of a state: entries that are missing, and overrides merged
 * with what is locked, as far as they fit it. With `relocks`, what nothing holds is chosen anew, and every override is looked at.
 */
export async function completeLocks(
  fleet: FleetState,
  { relocks }: { readonly relocks: boolean },
): Promise<LockEdits> {
  const { reader, state } = fleet;
  const edits = new Map<string, string>();
  const locked: LockedProfile[] = [];
  const problems: Problem[] = [];
  for (const entry of state.snapshot.clusters.values()) {
    if (entry.cluster === undefined || entry.cluster.spec.deletion !== undefined) continue;
    if (entry.problems.length > 0 && !relocks) continue;
    if (!relocks && entry.overrides.size === 0 && isLockComplete(entry)) continue;
    const filled = isLockComplete(entry) ? entry.lock : (await fillLock(reader, state, entry)).lock;
    const chosen = relocks
      ? await relock(reader, state, { ...entry, lock: filled })
      : { lock: filled, problems: [] };
    const merged = await mergeLock(fleet, entry, chosen.lock, { again: relocks });
    problems.push(...chosen.problems, ...[...merged.found.values()].flatMap((one) => one.problems));
    const text = formatLock(moveLock(entry.lock, merged.lock.profiles));
    if (text === formatLock(entry.lock)) continue;
    edits.set(lockFile(entry.name), text);
    locked.push(...changedEntries(entry, merged));
  }
  return { edits, locked, problems };
}

type Found = Pick<LockedProfile, "layers" | "problems">;

interface MergedLock {
  readonly lock: Lock;
  /** What merging found, by profile. */
  readonly found: ReadonlyMap<string, Found>;
}

function changedEntries({ name, lock }: ClusterEntry, merged: MergedLock): LockedProfile[] {
  const profiles = new Set([...Object.keys(lock.profiles), ...Object.keys(merged.lock.profiles)]);
  return [...profiles].flatMap((profile): LockedProfile[] => {
    const [before, after] = [lock.profiles[profile], merged.lock.profiles[profile]];
    if (isDeepStrictEqual(before, after)) return [];
    const { layers, problems } = merged.found.get(profile) ?? { layers: [], problems: [] };
    return [{ cluster: name, profile, before, after, layers, problems }];
  });
}

/**
 * The lock with the overrides of each profile merged with what is locked, where they all fit it.
 * @param again also those that the lock says were merged with it: their files may have changed since
 */
async function mergeLock(
  { renderer, state }: FleetState,
  entry: ClusterEntry,
  lock: Lock,
  { again }: { readonly again: boolean },
): Promise<MergedLock> {
  const found = new Map<string, Found>();
  const profiles: Record<string, LockEntry> = { ...lock.profiles };
  for (const profile of entry.overrides.keys()) {
    const locked = lock.profiles[profile];
    if (locked === undefined || (locked.merged === locked.tree && !again)) continue;
    const defaults = state.snapshot.settings.spec;
    const merged = await renderer.merge({ ...entry, lock }, profile, locked.tree, defaults);
    const problems = [
      ...merged.problems,
      ...orphanProblems(merged.layers, `${profile}@${locked.version}`, entry.name),
    ];
    if (problems.length === 0) profiles[profile] = { ...locked, merged: locked.tree };
    found.set(profile, { layers: merged.layers, problems });
  }
  return { lock: { profiles }, found };
}
