import type { LockEntry } from "../model/lock.ts";
import { EngineError } from "../model/errors.ts";
import { revisionOf, unlockedApproval } from "../repo/locks/approvals.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import { requireRevision, requireVersion } from "../repo/require.ts";

/** Which content of a version a cluster shall run. */
export interface Choice {
  readonly profile: string;
  readonly version: string;
  /** Exactly this revision. */
  readonly revision?: number | undefined;
  /** The version's current revision, even where the cluster ran an earlier one. */
  readonly latest?: boolean | undefined;
}

/**
 * The lock entry of a choice. Without a revision it is what this cluster ran of that version before, else the
 * version's current revision: going back goes back.
 */
export async function chooseEntry(
  reader: StateReader,
  state: RepoState,
  cluster: string,
  choice: Choice,
): Promise<LockEntry> {
  const { profile, version } = choice;
  const found = requireVersion(state, profile, version);
  if (choice.revision !== undefined) {
    const revision = requireRevision(found.state, choice.revision);
    return { version, revision: revision.number, tree: revision.tree };
  }
  if (choice.latest === true) return { version, revision: found.current.number, tree: found.current.tree };
  const approval = await unlockedApproval(reader, state, cluster, { name: profile, version });
  if ("problem" in approval)
    throw new EngineError(approval.problem.code, approval.problem.message, approval.problem);
  const revision = approval.revision ?? (await revisionOf(reader, state, profile, version, approval.tree));
  return { version, ...(revision === undefined ? {} : { revision: revision.number }), tree: approval.tree };
}
