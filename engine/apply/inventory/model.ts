import type { ObjectId } from "../../model/kube-object.ts";

/**
 * Where an object stands for its inventory.
 * - `wanted`: the last render has it. Until it is applied its `uid` is empty: written ahead.
 * - `leaving`: the last render lacks it, and it was let go: its deletion was announced, or it was kept.
 */
export type EntryState = "wanted" | "leaving";

/** How a Job ended; one that is gone with its outcome unseen (`ttlSecondsAfterFinished`) counts as complete. */
export type JobOutcome = "complete" | "failed";

/** What the inventory knows of one object. Digests are empty while unknown. */
export interface Entry {
  readonly id: ObjectId;
  readonly state: EntryState;
  /** API version at which it was applied. */
  readonly version: string;
  readonly uid: string;
  /** Digest of the body of its last accepted apply. */
  readonly sent: string;
  /** Digest of what the server then held of it (live-digest.ts). */
  readonly live: string;
  /** `profile/layer`; empty where a rebuild cannot tell. */
  readonly layer: string;
  /** It was there before Strata: released when it leaves, never deleted. */
  readonly adopted: boolean;
  /** A Job that was seen finished with the body of `sent`. */
  readonly job?: JobOutcome;
  /** It came since the last finished set of the cluster. */
  readonly fresh?: true;
  /** It holds data, and that it goes all the same was approved when its deletion was announced. */
  readonly approved?: true;
  /** The profile's replicas that are not sent, because something else scales the object, until the profile names others. */
  readonly leftReplicas?: number;
}

/** Who an inventory belongs to: one directory of one repository. */
export interface InventoryOwner {
  /** Identity of the repository. */
  readonly repository: string;
  /** Directory name of the cluster. */
  readonly cluster: string;
}

export function isSameOwner(a: InventoryOwner, b: InventoryOwner): boolean {
  return a.repository === b.repository && a.cluster === b.cluster;
}

/** The entry of an object that is about to be applied for the first time. */
export function intendedEntry(id: ObjectId, version: string, layer: string): Entry {
  return { id, state: "wanted", version, uid: "", sent: "", live: "", layer, adopted: false, fresh: true };
}

/** The entry of an object that is as it was applied, and that the render has (again). */
export function wantedEntry({ approved: _approved, ...entry }: Entry, layer: string): Entry {
  return { ...entry, state: "wanted", layer };
}

/** The entry as part of a finished set. */
export function finishedEntry({ fresh: _fresh, ...entry }: Entry): Entry {
  return entry;
}
