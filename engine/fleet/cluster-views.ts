import { describeConnection } from "../model/cluster.ts";
import type { Problem } from "../model/errors.ts";
import type { ClusterLive } from "../model/status.ts";
import type { ClusterProfileView, ClusterView } from "../model/view.ts";
import { type Approval, approvalOf, type ApprovalResult } from "../repo/locks/approvals.ts";
import { type ClusterEntry, readProfileEntry } from "../repo/snapshot.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import { currentRevision, versionState } from "../repo/versions/types.ts";

/** All clusters of a state as the repository knows them, by name. */
export async function viewClusters(reader: StateReader, state: RepoState): Promise<ClusterView[]> {
  const entries = [...state.snapshot.clusters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(entries.map((entry) => viewCluster(reader, state, entry)));
}

/** One cluster as the repository knows it: its live state is unknown. */
export async function viewCluster(
  reader: StateReader,
  state: RepoState,
  entry: ClusterEntry,
): Promise<ClusterView> {
  const attached = entry.cluster?.spec.profiles ?? [];
  const approvals = await Promise.all(attached.map((profile) => approvalOf(reader, state, entry, profile)));
  const problems = approvals.flatMap((one) => ("problem" in one ? [one.problem] : []));
  return {
    name: entry.name,
    tags: entry.cluster?.metadata.tags ?? [],
    connection: entry.cluster === undefined ? "" : describeConnection(entry.cluster.spec.connection),
    health: "unknown",
    message: entry.cluster === undefined ? "cluster.yaml is not valid" : "",
    profiles: await Promise.all(approvals.map((approval) => viewProfile(reader, state, approval))),
    overrides: [],
    urls: [],
    lastSync: null,
    blockedBy: [...entry.problems, ...problems],
  };
}

/** The same view with what an engine knows of the live state. */
export function withLive(view: ClusterView, live: ClusterLive): ClusterView {
  const profiles = view.profiles.map((profile) => ({
    ...profile,
    layers: profile.layers.map((layer) => {
      const status = live.layers.find((one) => one.profile === profile.name && one.name === layer.name);
      return status === undefined ? layer : { ...layer, state: status.state, message: status.message };
    }),
  }));
  return {
    ...view,
    health: live.health,
    message: live.message === "" ? view.message : live.message,
    profiles,
    urls: live.urls,
    lastSync: live.lastSync ?? null,
    blockedBy: mergeProblems(view.blockedBy, live.blockedBy),
  };
}

async function viewProfile(
  reader: StateReader,
  state: RepoState,
  approval: ApprovalResult,
): Promise<ClusterProfileView> {
  const { profile, version } = approval;
  if ("problem" in approval)
    return { name: profile, version, revision: null, updatesAvailable: false, layers: [] };
  const declared = (await readProfileEntry(reader.git, profile, approval.tree)).profile?.spec.layers ?? [];
  const layers = declared.map(({ name, type }) => ({ name, type, state: "pending", message: "" }) as const);
  return {
    name: profile,
    version,
    revision: approval.revision?.number ?? null,
    updatesAvailable: await hasUpdate(reader, state, approval),
    layers,
  };
}

/** Whether the version's current revision has other content than what is approved. */
async function hasUpdate(reader: StateReader, state: RepoState, approval: Approval): Promise<boolean> {
  const current = currentRevision(versionState(state.versions, approval.profile, approval.version));
  if (current === undefined || current.tree === approval.tree) return false;
  return current.content !== (await reader.contentOf(approval.tree));
}

function mergeProblems(a: readonly Problem[], b: readonly Problem[]): Problem[] {
  const known = new Set(a.map((problem) => `${problem.code}:${problem.message}`));
  return [...a, ...b.filter((problem) => !known.has(`${problem.code}:${problem.message}`))];
}
