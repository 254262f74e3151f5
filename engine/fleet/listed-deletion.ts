import { type ObjectId, objectIdOf } from "../model/kube-object.ts";
import { isMassDeletion, type ListedDeletion, massDeletionBetween } from "../model/mass-deletion.ts";
import { effectsOf, type PlanInput, profileObjects } from "../plan/make-plan.ts";
import { fillLock } from "../repo/locks/fill-locks.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { FleetState } from "./fleet-state.ts";

/**
 * The mass deletion that these updates of a cluster's profiles make of it all, as renders tell it; undefined where they
 * make none, or where the rest of the cluster does not render.
 */
export async function deletionByUpdates(
  fleet: FleetState,
  entry: ClusterEntry,
  updates: readonly PlanInput[],
): Promise<ListedDeletion | undefined> {
  const pruned = updates.flatMap((input) => effectsOf(input)).filter(({ effect }) => effect === "pruned");
  // The rest of the cluster can only make less of it
  if (!isMassDeletion(pruned.length, 0)) return undefined;
  const rest = await clusterObjects(fleet, entry, new Set(updates.map(({ profile }) => profile)));
  if (rest === undefined) return undefined;
  const [before, after] = (["base", "target"] as const).map((side) => [
    ...rest,
    ...updates.flatMap((input) => profileObjects(input, side)).map(objectIdOf),
  ]);
  return massDeletionBetween(before ?? [], after ?? []);
}

/** The same for one state of a cluster that takes the place of another. */
export async function deletionByState(
  fleet: FleetState,
  now: ClusterEntry,
  then: ClusterEntry,
): Promise<ListedDeletion | undefined> {
  const [before, after] = [await clusterObjects(fleet, now), await clusterObjects(fleet, then)];
  return before === undefined || after === undefined ? undefined : massDeletionBetween(before, after);
}

/** The same where a profile is taken off the cluster. */
export async function deletionByDetaching(
  fleet: FleetState,
  entry: ClusterEntry,
  profile: string,
): Promise<ListedDeletion | undefined> {
  const before = await clusterObjects(fleet, entry);
  const after = await clusterObjects(fleet, entry, new Set([profile]));
  return before === undefined || after === undefined ? undefined : massDeletionBetween(before, after);
}

/**
 * All that a cluster runs as approved, but for some profiles.
 * @returns undefined where it does not render
 */
export async function clusterObjects(
  { reader, renderer, state }: FleetState,
  entry: ClusterEntry,
  except: ReadonlySet<string> = new Set(),
): Promise<readonly ObjectId[] | undefined> {
  const { approvals, problems } = await fillLock(reader, state, entry);
  if (problems.length > 0) return undefined;
  const chosen = approvals.filter(({ profile }) => !except.has(profile));
  const { steps } = await renderer.cluster(entry, chosen, state.snapshot.settings.spec);
  return steps?.flat().flatMap((layer) => layer.objects.map(({ object }) => objectIdOf(object)));
}
