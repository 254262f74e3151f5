import type { Problem } from "../model/errors.ts";
import type {
  ClusterHistoryView,
  ClusterView,
  ProfileDetailView,
  ProfileView,
  RevisionView,
} from "../model/view.ts";
import { requireCluster } from "../repo/require.ts";
import { workTreeState } from "../repo/work-tree-state.ts";
import type { PlanView, UpdateView } from "../model/plan.ts";
import type { Repository } from "../repo/repository.ts";
import { checkState } from "./check-repository.ts";
import { viewClusterHistory } from "./cluster-history.ts";
import { viewCluster, viewClusters, viewOrphan } from "./cluster-views.ts";
import type { FleetState } from "./fleet-state.ts";
import { pendingPlans } from "./pending-plans.ts";
import { createRenderer } from "./render-cluster.ts";
import { viewPlans, viewUpdate } from "./view-plans.ts";
import { diffPoints, type VersionPoint } from "./diff-versions.ts";
import { viewProfileDetail, viewProfiles, viewRevisions } from "./profile-views.ts";

interface Options {
  readonly signal: AbortSignal;
}

export async function listProfiles(repo: Repository, options: Options): Promise<ProfileView[]> {
  return viewProfiles(await repo.load(options.signal));
}

export async function showProfile(
  repo: Repository,
  args: { readonly profile: string; readonly version?: string | undefined },
  options: Options,
): Promise<ProfileDetailView> {
  return viewProfileDetail(repo.reader, await repo.load(options.signal), args.profile, args.version);
}

export async function profileHistory(
  repo: Repository,
  args: { readonly profile: string; readonly version?: string | undefined },
  options: Options,
): Promise<RevisionView[]> {
  return viewRevisions(await repo.load(options.signal), args.profile, args.version);
}

export async function diffVersions(
  repo: Repository,
  args: { readonly from: VersionPoint; readonly to: VersionPoint },
  options: Options,
): Promise<string> {
  return diffPoints(repo.reader, await repo.load(options.signal), args.from, args.to);
}

async function loadFleet(repo: Repository, { signal }: Options): Promise<FleetState> {
  const { reader } = repo;
  return { reader, renderer: createRenderer(reader), state: await repo.load(signal) };
}

/** Clusters as the repository knows them: their live state is unknown here. */
export async function listClusters(repo: Repository, options: Options): Promise<ClusterView[]> {
  return viewClusters(await loadFleet(repo, options));
}

export async function showCluster(
  repo: Repository,
  args: { readonly cluster: string },
  options: Options,
): Promise<ClusterView> {
  const fleet = await loadFleet(repo, options);
  const { snapshot } = fleet.state;
  const entry = snapshot.clusters.get(args.cluster);
  if (entry !== undefined) return viewCluster(fleet, entry);
  const orphans = await fleet.reader.orphansOf(fleet.state.snapshot);
  const orphan = orphans.find(({ entry: { name } }) => name === args.cluster);
  return orphan === undefined
    ? viewCluster(fleet, requireCluster(snapshot, args.cluster))
    : viewOrphan(orphan);
}

export async function clusterHistory(
  repo: Repository,
  args: { readonly cluster: string },
  options: Options,
): Promise<ClusterHistoryView[]> {
  return viewClusterHistory(repo.reader, await repo.load(options.signal), args.cluster);
}

/** All pending updates of the fleet, or of the named clusters, by cluster. Throws `cluster-unknown`. */
export async function listUpdates(
  repo: Repository,
  args: { readonly clusters?: readonly string[] | undefined },
  options: Options,
): Promise<UpdateView[]> {
  const fleet = await loadFleet(repo, options);
  const { snapshot } = fleet.state;
  const names = args.clusters ?? [...snapshot.clusters.keys()].toSorted();
  const updates: UpdateView[] = [];
  for (const name of names) {
    options.signal.throwIfAborted();
    const entry = snapshot.clusters.get(name) ?? requireCluster(snapshot, name);
    for (const input of await pendingPlans(fleet, entry)) updates.push(await viewUpdate(fleet, entry, input));
  }
  return updates;
}

/** The plans of a cluster's pending updates, in the order of its profiles. Throws `cluster-unknown`, `cluster-invalid`. */
export async function planUpdates(
  repo: Repository,
  args: { readonly cluster: string },
  options: Options,
): Promise<PlanView[]> {
  const fleet = await loadFleet(repo, options);
  const entry = requireCluster(fleet.state.snapshot, args.cluster);
  return viewPlans(fleet, entry);
}

/** Everything wrong with the files as they are in the work tree; of a bare or remote repository, at main's tip. */
export async function checkRepository(
  repo: Repository,
  args: { readonly requireLock: boolean },
  options: Options,
): Promise<Problem[]> {
  const state =
    repo.git.workTree === undefined
      ? await repo.load(options.signal)
      : await workTreeState(repo, options.signal);
  return checkState(repo.reader, state, args);
}
