import type { Problem } from "../../model/errors.ts";
import type { Lock, LockEntry } from "../../model/lock.ts";
import type { ClusterEntry } from "../snapshot.ts";
import type { RepoState, StateReader } from "../state.ts";
import { type Approval, approvalOf, unlockedApproval } from "./approvals.ts";
import { lockHistory } from "./lock-history.ts";

export interface FilledLock {
  readonly approvals: readonly Approval[];
  readonly problems: readonly Problem[];
  /** The lock as it should be, but for what overrides were merged with. */
  readonly lock: Lock;
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
  const names = attached.map((profile) => profile.name);
  const profiles: Record<string, LockEntry> = {};
  for (const name of names) {
    const approval = approvals.find((candidate) => candidate.profile === name);
    const before = entry.lock.profiles[name];
    if (approval !== undefined && approval.from !== "lock")
      profiles[name] = await unmergedEntry(reader, state, entry, approval);
    else if (before !== undefined) profiles[name] = before;
  }
  return { approvals, problems, lock: { profiles } };
}

/**
 * An entry for a tree that the overrides of the profile, if any, are still to be merged with. Where the lock does not say
 * what they were last merged with, the last one that named the profile does.
 */
export async function unmergedEntry(
  reader: StateReader,
  state: RepoState,
  { name, lock, overrides }: ClusterEntry,
  { profile, version, tree, revision }: Pick<Approval, "profile" | "version" | "tree" | "revision">,
): Promise<LockEntry> {
  const lastEntry = async () => (await lockHistory(reader, state, name, profile).next()).value ?? undefined;
  const before = overrides.has(profile) ? (lock.profiles[profile] ?? (await lastEntry())) : undefined;
  const merged = before?.merged ?? before?.tree;
  return {
    version,
    ...(revision === undefined ? {} : { revision: revision.number }),
    tree,
    ...(merged === undefined ? {} : { merged }),
  };
}

/** Whether the lock names every attached profile at its version, and nothing else. Says nothing of the trees. */
export function isLockComplete(entry: ClusterEntry): boolean {
  const attached = entry.cluster?.spec.profiles ?? [];
  const locked = Object.keys(entry.lock.profiles);
  if (locked.length !== attached.length) return false;
  return attached.every(({ name, version }) => entry.lock.profiles[name]?.version === version);
}

/**
 * The lock of a cluster with what nothing holds chosen anew: the tree last locked that is held, else the current one.
 * A profile whose directory main's tip holds at this version is locked at the tip: that is what the merge made.
 */
export async function relock(
  reader: StateReader,
  state: RepoState,
  entry: ClusterEntry,
): Promise<{ readonly lock: Lock; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const profiles: Record<string, LockEntry> = { ...entry.lock.profiles };
  for (const attached of entry.cluster?.spec.profiles ?? []) {
    const approval = await approvalOf(reader, state, entry, attached);
    if ("tree" in approval) continue;
    if (approval.problem.code !== "lock-content-unknown") problems.push(approval.problem);
    const { name, version } = attached;
    const tip = state.snapshot.profiles.get(name);
    const chosen =
      tip?.profile?.spec.version === version
        ? { profile: name, version, tree: tip.tree, revision: undefined }
        : await unlockedApproval(reader, state, entry.name, attached);
    if ("problem" in chosen) problems.push(chosen.problem);
    else profiles[name] = await unmergedEntry(reader, state, entry, chosen);
  }
  return { lock: { profiles }, problems };
}
