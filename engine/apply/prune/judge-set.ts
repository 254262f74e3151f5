import { deletionId, isMassDeletion, isVolume, type MassDeletion } from "../../model/mass-deletion.ts";
import type { Entry } from "../inventory/model.ts";
import type { Entries } from "../inventory/parts.ts";

/** What of an inventory a render no longer has, as one deletion. What was let go before is no part of it. */
export interface LeavingSet extends MassDeletion {
  /** Whether it takes a word of approval. */
  readonly isMass: boolean;
  /** Volumes apart. */
  readonly leaving: readonly Entry[];
  /** Volumes that are kept, also from before. */
  readonly volumes: readonly Entry[];
  /** The id under which they go too; undefined where there are none. */
  readonly idWithVolumes: string | undefined;
}

/** Whether a prune may begin; with `takesVolumes` it was approved that volumes go too. */
export type SetVerdict =
  | { readonly state: "free"; readonly takesVolumes: boolean }
  | { readonly state: "stopped" };

/**
 * Counts what leaves against the last finished set. An entry that is merely written ahead counts for nothing; one that
 * came since, only where it is deleted; one whose deletion was announced, not any more.
 * @param wanted keys of what the complete render has
 */
export function leavingSet(entries: Entries, wanted: ReadonlySet<string>): LeavingSet {
  const applied = [...entries].filter(([, { uid }]) => uid !== "");
  const gone = applied.filter(([key]) => !wanted.has(key)).map(([, entry]) => entry);
  const leaving = gone.filter(({ id, state }) => state === "wanted" && !isVolume(id));
  const volumes = gone.filter(({ id, adopted, approved }) => isVolume(id) && !adopted && approved !== true);
  // One object can have two names, as where its kind moves to another group
  const stay = new Set(applied.filter(([key]) => wanted.has(key)).map(([, { uid }]) => uid));
  const deleted = leaving.filter(({ uid, adopted }) => !adopted && !stay.has(uid));
  const finished = applied.filter(([, { state, fresh }]) => state === "wanted" && fresh !== true);
  const deletes = deleted.length;
  const of = finished.length + deleted.filter(({ fresh }) => fresh === true).length;
  const isMass = isMassDeletion(deletes, of);
  const ids = leaving.map(({ id }) => id);
  return {
    id: deletionId(ids),
    deletes,
    of,
    isMass,
    leaving,
    volumes,
    // What goes anyway needs no word
    idWithVolumes: volumes.length === 0 ? undefined : deletionId(isMass ? ids : [], volumes),
  };
}

/** @param approved the id that the cluster's lock approves */
export function judgeSet(set: LeavingSet, approved: string | undefined): SetVerdict {
  const takesVolumes = approved !== undefined && approved === set.idWithVolumes;
  const isFree = takesVolumes || approved === set.id || !set.isMass;
  return isFree ? { state: "free", takesVolumes } : { state: "stopped" };
}
