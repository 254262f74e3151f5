import { describeConnection } from "../model/cluster.ts";
import type { Problem } from "../model/errors.ts";
import { describeId } from "../model/kube-object.ts";
import type { ClusterLive } from "../model/status.ts";
import type { ClusterProfileView, ClusterView, OverrideView } from "../model/view.ts";
import { hideSecrets } from "../model/hide-secrets.ts";
import { type Approval, approvalOf, type ApprovalResult } from "../repo/locks/approvals.ts";
import type { Orphan } from "../repo/orphans.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { FleetState } from "./fleet-state.ts";
import { orphanProblems } from "./merge-profile.ts";
import { newerRevision } from "./newer-revision.ts";

/** Views one cluster as the repository knows it. */
export type ViewOne = (fleet: FleetState, entry: ClusterEntry) => Promise<ClusterView>;

/** All clusters of a state as the repository knows them, by name. */
export async function viewClusters(
  fleet: FleetState,
  viewOne: ViewOne = viewCluster,
): Promise<ClusterView[]> {
  const entries = [...fleet.state.snapshot.clusters.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const orphans = await fleet.reader.orphansOf(fleet.state.snapshot);
  return [...(await Promise.all(entries.map((entry) => viewOne(fleet, entry)))), ...orphans.map(viewOrphan)];
}

/** A cluster whose directory was removed by hand: it is shown until it is finished or restored. */
export function viewOrphan({ entry: { name, cluster }, removedBy }: Orphan): ClusterView {
  const message = `its directory is gone from main (${removedBy.slice(0, 12)}), and nothing uninstalled what it runs`;
  return {
    name,
    tags: cluster?.metadata.tags ?? [],
    connection: cluster === undefined ? "" : describeConnection(cluster.spec.connection),
    health: "orphaned",
    message,
    profiles: [],
    overrides: [],
    urls: [],
    lastSync: null,
    blockedBy: [
      {
        code: "cluster-orphaned",
        message,
        hint: `\`strata cluster finish ${name}\` uninstalls it; \`git revert ${removedBy.slice(0, 12)}\` brings it back`,
        severity: "error",
      },
    ],
  };
}

/** One cluster as the repository knows it: its live state is unknown. */
export async function viewCluster(fleet: FleetState, entry: ClusterEntry): Promise<ClusterView> {
  const attached = entry.cluster?.spec.profiles ?? [];
  const approvals = await Promise.all(
    attached.map((profile) => approvalOf(fleet.reader, fleet.state, entry, profile)),
  );
  const problems = approvals.flatMap((one) => ("problem" in one ? [one.problem] : []));
  const held = approvals.filter((one) => "tree" in one);
  const merged = await Promise.all(held.map((approval) => viewOverrides(fleet, entry, approval)));
  const profiles = await Promise.all(approvals.map((approval) => viewProfile(fleet, approval)));
  const isDeleting = entry.cluster?.spec.deletion !== undefined;
  return {
    name: entry.name,
    tags: entry.cluster?.metadata.tags ?? [],
    connection: entry.cluster === undefined ? "" : describeConnection(entry.cluster.spec.connection),
    health: isDeleting ? "deleting" : "unknown",
    message: entry.cluster === undefined ? "cluster.yaml is not valid" : "",
    profiles: isDeleting ? profiles.map(withoutUpdates) : profiles,
    overrides: merged.flatMap(({ overrides }) => overrides),
    urls: [],
    lastSync: null,
    blockedBy: [...entry.problems, ...problems, ...(isDeleting ? [] : merged.flatMap((one) => one.problems))],
  };
}

/** What is being deleted takes no update. */
function withoutUpdates(profile: ClusterProfileView): ClusterProfileView {
  return { ...profile, newer: null, updatesAvailable: false };
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
    // A deletion goes on, whether or not anything drives it now; of an orphan nothing is known
    health: view.health === "deleting" || view.health === "orphaned" ? view.health : live.health,
    message: live.message === "" ? view.message : live.message,
    profiles,
    urls: live.urls,
    lastSync: live.lastSync ?? null,
    blockedBy: mergeProblems(view.blockedBy, live.blockedBy),
    ...(live.leftovers === undefined ? {} : { leftovers: live.leftovers }),
    ...(live.massDeletion === undefined ? {} : { massDeletion: live.massDeletion }),
  };
}

async function viewProfile(fleet: FleetState, approval: ApprovalResult): Promise<ClusterProfileView> {
  const { profile, version } = approval;
  if ("problem" in approval)
    return { name: profile, version, revision: null, newer: null, updatesAvailable: false, layers: [] };
  const declared = (await fleet.reader.profileAt(profile, approval.tree)).profile?.spec.layers ?? [];
  const layers = declared.map(({ name, type }) => ({ name, type, state: "pending", message: "" }) as const);
  const newer = await newerRevision(fleet, approval);
  return {
    name: profile,
    version,
    revision: approval.revision?.number ?? null,
    newer: newer?.revision.number ?? null,
    updatesAvailable: newer?.hasEffect === true,
    layers,
  };
}

/** What a cluster overrides in a profile, and what of it keeps the profile from being applied. */
async function viewOverrides(
  { renderer, state }: FleetState,
  entry: ClusterEntry,
  { profile, version, tree }: Approval,
): Promise<{ readonly overrides: readonly OverrideView[]; readonly problems: readonly Problem[] }> {
  if (!entry.overrides.has(profile)) return { overrides: [], problems: [] };
  const merged = await renderer.merge(entry, profile, tree, state.snapshot.settings.spec);
  const { layers } = merged;
  const overrides = layers.flatMap(({ layer, paths }) =>
    paths.map(({ object, path, value, theirs, state: mergeState }) => ({
      profile,
      layer,
      object: describeId(object),
      path,
      value: hideSecrets(object, path, value) ?? null,
      profileValue: hideSecrets(object, path, theirs) ?? null,
      state: mergeState,
    })),
  );
  const problems = [...merged.problems, ...orphanProblems(layers, `${profile}@${version}`, entry.name)];
  return { overrides, problems };
}

function mergeProblems(a: readonly Problem[], b: readonly Problem[]): Problem[] {
  const known = new Set(a.map((problem) => `${problem.code}:${problem.message}`));
  return [...a, ...b.filter((problem) => !known.has(`${problem.code}:${problem.message}`))];
}
