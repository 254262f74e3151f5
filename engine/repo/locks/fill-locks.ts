import type { Problem } from "../../model/errors.ts";
import type { Lock, LockEntry } from "../../model/lock.ts";
import { lockFile } from "../paths.ts";
import type { ClusterEntry } from "../snapshot.ts";
import type { RepoState, StateReader } from "../state.ts";
import { type Approval, approvalOf, unlockedApproval } from "./approvals.ts";
import { formatLock } from "./format-lock.ts";

export interface FilledLock {
  readonly cluster: string;
  readonly approvals: readonly Approval[];
  readonly problems: readonly Problem[];
  /** The lock as it should be, where the file says otherwise. */
  readonly text: string | undefined;
}

/** What a valid cluster is approved to run, and its lock with the entries that it lacks and without those it no longer needs. */
export async function fillLock(
  reader: StateReader,
  state: RepoState,
  entry: ClusterEntry,
): Promise<FilledLock> {
  const attached = entry.cluster?.spec.profiles ?? [];
  const results = await Promise.all(attached.map((profile) => approvalOf(reader, state, entry, profile)));
  const approvals = results.filter((result) => "tree" in result);
  const problems = results.flatMap((result) => ("problem" in result ? [result.problem] : []));
  const lock = mergeLock(
    entry.lock,
    attached.map((profile) => profile.name),
    approvals,
  );
  const changed = approvals.some((approval) => approval.from !== "lock") || hasStale(entry.lock, lock);
  return { cluster: entry.name, approvals, problems, text: changed ? formatLock(lock) : undefined };
}

function mergeLock(lock: Lock, attached: readonly string[], approvals: readonly Approval[]): Lock {
  const profiles: Record<string, LockEntry> = {};
  for (const name of attached) {
    const approval = approvals.find((candidate) => candidate.profile === name);
    const before = lock.profiles[name];
    if (approval === undefined || approval.from === "lock") {
      if (before !== undefined) profiles[name] = before;
      continue;
    }
    const revision = approval.revision === undefined ? {} : { revision: approval.revision.number };
    profiles[name] = { version: approval.version, ...revision, tree: approval.tree };
  }
  return { profiles };
}

function hasStale(before: Lock, after: Lock): boolean {
  return Object.keys(before.profiles).some((name) => after.profiles[name] === undefined);
}

/** The edits that complete the locks of all valid clusters of a state; one commit for all. */
export async function missingLocks(reader: StateReader, state: RepoState): Promise<Map<string, string>> {
  const edits = new Map<string, string>();
  for (const entry of state.snapshot.clusters.values()) {
    if (entry.cluster === undefined || entry.problems.length > 0 || isComplete(entry)) continue;
    const filled = await fillLock(reader, state, entry);
    if (filled.text !== undefined) edits.set(lockFile(entry.name), filled.text);
  }
  return edits;
}

/** Whether the lock names every attached profile at its version, and nothing else. Says nothing of the trees. */
function isComplete(entry: ClusterEntry): boolean {
  const attached = entry.cluster?.spec.profiles ?? [];
  const locked = Object.keys(entry.lock.profiles);
  if (locked.length !== attached.length) return false;
  return attached.every(({ name, version }) => entry.lock.profiles[name]?.version === version);
}

/**
 * Locks that name content which nothing holds, chosen anew: the tree last locked that is held, else the current one.
 * A profile whose directory main's tip holds at this version is locked at the tip: that is what the merge made.
 */
export async function relockedClusters(
  reader: StateReader,
  state: RepoState,
): Promise<{ readonly edits: Map<string, string>; readonly problems: readonly Problem[] }> {
  const edits = new Map<string, string>();
  const problems: Problem[] = [];
  for (const entry of state.snapshot.clusters.values()) {
    if (entry.cluster === undefined) continue;
    const profiles: Record<string, LockEntry> = { ...entry.lock.profiles };
    let changed = false;
    for (const attached of entry.cluster.spec.profiles) {
      const approval = await approvalOf(reader, state, entry, attached);
      if ("tree" in approval) continue;
      if (approval.problem.code !== "lock-content-unknown") problems.push(approval.problem);
      const tip = state.snapshot.profiles.get(attached.name);
      if (tip?.profile?.spec.version === attached.version)
        profiles[attached.name] = { version: attached.version, tree: tip.tree };
      else {
        const chosen = await unlockedApproval(reader, state, entry.name, attached);
        if ("problem" in chosen) {
          problems.push(chosen.problem);
          continue;
        }
        const revision = chosen.revision === undefined ? {} : { revision: chosen.revision.number };
        profiles[attached.name] = { version: attached.version, ...revision, tree: chosen.tree };
      }
      changed = true;
    }
    if (changed) edits.set(lockFile(entry.name), formatLock({ profiles }));
  }
  return { edits, problems };
}
