import { describeConnection } from "../model/cluster.ts";
import type { Problem } from "../model/errors.ts";
import type { ClusterLive, LayerStatus } from "../model/status.ts";
import type { ClusterProfileView, ClusterView } from "../model/view.ts";
import { type Approval, approvalOf, type ApprovalResult } from "../repo/locks/approvals.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import { readProfileEntry } from "../repo/snapshot.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import { currentRevision, versionState } from "../repo/versions/types.ts";

/** All clusters of a state, by name; `live` tells what an engine knows of each, where one runs. */
export async function listClusters(
  reader: StateReader,
  state: RepoState,
  live: (name: string) => ClusterLive | undefined = () => undefined,
): Promise<ClusterView[]> {
  const entries = [...state.snapshot.clusters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(entries.map((entry) => viewCluster(reader, state, entry, live(entry.name))));
}

/** One cluster: what the repository says, with its live state where it is known. */
export async function viewCluster(
  reader: StateReader,
  state: RepoState,
  entry: ClusterEntry,
  live: ClusterLive | undefined,
): Promise<ClusterView> {
  const attached = entry.cluster?.spec.profiles ?? [];
  const approvals = await Promise.all(attached.map((profile) => approvalOf(reader, state, entry, profile)));
  const profiles = await Promise.all(approvals.map((approval) => viewProfile(reader, state, approval, live?.layers ?? [])));
  const blocked: Problem[] = [...entry.problems, ...approvals.flatMap((one) => ("problem" in one ? [one.problem] : []))];
  const broken = entry.cluster === undefined;
  return {
    name: entry.name,
    tags: entry.cluster?.metadata.tags ?? [],
    connection: entry.cluster === undefined ? "" : describeConnection(entry.cluster.spec.connection),
    health: live?.health ?? "unknown",
    message: live?.message ?? (broken ? "cluster.yaml is not valid" : ""),
    profiles,
    overrides: [],
    urls: live?.urls ?? [],
    lastSync: live?.lastSync ?? null,
    blockedBy: live === undefined ? blocked : mergeProblems(blocked, live.blockedBy),
  };
}

async function viewProfile(
  reader: StateReader,
  state: RepoState,
  approval: ApprovalResult,
  live: readonly LayerStatus[],
): Promise<ClusterProfileView> {
  const { profile, version } = approval;
  if ("problem" in approval) return { name: profile, version, revision: null, updatesAvailable: false, layers: [] };
  const declared = (await readProfileEntry(reader.git, profile, approval.tree)).profile?.spec.layers ?? [];
  const layers = declared.map(({ name, type }) => {
    const status = live.find((candidate) => candidate.profile === profile && candidate.name === name);
    return { name, type, state: status?.state ?? "pending", message: status?.message ?? "" } as const;
  });
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
