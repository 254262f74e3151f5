import type { ObjectId } from "../model/kube-object.ts";
import { massDeletionBetween } from "../model/mass-deletion.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import { clusterHistoryEntries } from "./cluster-entries.ts";
import type { FleetState } from "./fleet-state.ts";
import { clusterObjects } from "./listed-deletion.ts";

/** So many of a cluster's last states are looked through. */
const STATES = 20;

/** The objects that a mass deletion was of: one that led from one of a cluster's last states to a later one. */
export async function findDeletion(
  fleet: FleetState,
  entry: ClusterEntry,
  id: string,
): Promise<readonly ObjectId[] | undefined> {
  const states: (readonly ObjectId[])[] = [];
  for (const state of await clusterHistoryEntries(fleet, entry.name, STATES)) {
    const before = await clusterObjects(fleet, state);
    if (before === undefined) continue;
    for (const after of states) {
      const found = massDeletionBetween(before, after);
      if (found?.id === id) return found.objects;
    }
    states.push(before);
  }
  return undefined;
}
