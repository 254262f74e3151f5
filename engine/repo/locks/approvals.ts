import type { Problem } from "../../model/errors.ts";
import type { AttachedProfile } from "../../model/cluster.ts";
import { profileHistory } from "../history.ts";
import { clusterDir, lockFile } from "../paths.ts";
import type { ClusterEntry } from "../snapshot.ts";
import type { RepoState, StateReader } from "../state.ts";
import { lockHistory } from "./lock-history.ts";
import { currentRevision, type Revision, versionState } from "../versions/types.ts";

/** What one attached profile of a cluster is approved to run. */
export interface Approval {
  readonly profile: string;
  readonly version: string;
  /** Git id of the approved `profiles/<profile>/`. */
  readonly tree: string;
  /** Its revision; undefined where main's history holds the tree but no revision does (yet). */
  readonly revision: Revision | undefined;
  /** `lock`: written down. `history` and `current`: follows from the repository, and the lock lacks it. */
  readonly from: "lock" | "history" | "current";
}

export type ApprovalResult =
  | Approval
  | { readonly profile: string; readonly version: string; readonly problem: Problem };

/**
 * What a cluster may run of an attached profile (design, *The lock is the approval*): the locked tree where a revision
 * or main's history holds it; for a missing or unfitting entry the tree last locked for this cluster, profile and
 * version, else the version's current revision.
 */
export async function approvalOf(
  reader: StateReader,
  state: RepoState,
  cluster: ClusterEntry,
  attached: AttachedProfile,
): Promise<ApprovalResult> {
  const { name: profile, version } = attached;
  const entry = cluster.lock.profiles[profile];
  if (entry?.version === version) {
    if (await isHeld(reader, state, profile, version, entry.tree)) {
      return {
        profile,
        version,
        tree: entry.tree,
        revision: await revisionOf(reader, state, profile, version, entry.tree),
        from: "lock",
      };
    }
    const tip = state.snapshot.profiles.get(profile);
    const invalid = tip?.tree === entry.tree && tip.profile === undefined ? tip.problems[0] : undefined;
    return {
      profile,
      version,
      problem: invalid ?? {
        code: "lock-content-unknown",
        message: `locked content of ${profile}@${version} was changed by the merge: neither a revision nor main's history holds it`,
        file: lockFile(cluster.name),
        object: `profiles.${profile}.tree`,
        hint: "run `strata lock --commit`",
      },
    };
  }
  return unlockedApproval(reader, state, cluster.name, attached);
}

/** The approval that a missing or unfitting entry stands for. */
export async function unlockedApproval(
  reader: StateReader,
  state: RepoState,
  cluster: string,
  attached: AttachedProfile,
): Promise<ApprovalResult> {
  const { name: profile, version } = attached;
  const last = await lastLockedTree(reader, state, cluster, attached);
  if (last !== undefined) {
    return {
      profile,
      version,
      tree: last,
      revision: await revisionOf(reader, state, profile, version, last),
      from: "history",
    };
  }
  const current = currentRevision(versionState(state.versions, profile, version));
  if (current !== undefined)
    return { profile, version, tree: current.tree, revision: current, from: "current" };
  return { profile, version, problem: unknownVersion(state, cluster, attached) };
}

export function unknownVersion(
  state: RepoState,
  cluster: string,
  { name, version }: AttachedProfile,
): Problem {
  const known = [...(state.versions.get(name)?.values() ?? [])].filter(
    (one) => currentRevision(one) !== undefined,
  );
  const versions = known.map((one) => one.version).join(", ");
  return {
    code: known.length === 0 ? "profile-unknown" : "version-unknown",
    message:
      known.length === 0
        ? `there is no released profile "${name}"`
        : `profile "${name}" has no version ${version}`,
    file: `${clusterDir(cluster)}/cluster.yaml`,
    object: "spec.profiles",
    hint: known.length === 0 ? "`strata profile list` shows what there is" : `it has ${versions}`,
  };
}

/** The newest revision of a version that holds this tree, else one of equal content. */
export async function revisionOf(
  reader: StateReader,
  state: RepoState,
  profile: string,
  version: string,
  tree: string,
): Promise<Revision | undefined> {
  const revisions = versionState(state.versions, profile, version)?.revisions ?? [];
  const exact = revisions.findLast((revision) => revision.tree === tree && revision.event !== "deleted");
  if (exact !== undefined || revisions.length === 0) return exact;
  if ((await reader.git.readObject(tree))?.type !== "tree") return undefined;
  const content = await reader.contentOf(tree);
  return revisions.findLast((revision) => revision.content === content && revision.event !== "deleted");
}

/** Whether a revision of this version, or main's history, holds exactly this tree. */
export async function isHeld(
  reader: StateReader,
  state: RepoState,
  profile: string,
  version: string,
  tree: string,
): Promise<boolean> {
  const revisions = versionState(state.versions, profile, version)?.revisions ?? [];
  if (revisions.some((revision) => revision.tree === tree)) return true;
  const tip = state.snapshot.profiles.get(profile);
  if (tip?.tree === tree && tip.profile?.spec.version === version) return true;
  if (state.snapshot.commit === null) return false;
  const history = await profileHistory(reader, state.snapshot.commit, profile);
  if (!history.some((content) => content.tree === tree)) return false;
  return (await reader.declaredVersion(profile, tree)) === version;
}

/** The tree last locked for this cluster, profile and version in main's first-parent history since its directory last appeared. */
export async function lastLockedTree(
  reader: StateReader,
  state: RepoState,
  cluster: string,
  { name, version }: AttachedProfile,
): Promise<string | undefined> {
  for await (const entry of lockHistory(reader, state, cluster, name)) {
    if (entry.version === version && (await isHeld(reader, state, name, version, entry.tree)))
      return entry.tree;
  }
  return undefined;
}
