import { createHash } from "node:crypto";
import { type ObjectId, objectKey } from "./kube-object.ts";

/** A sync that would delete more than half of a cluster's objects, and more than 10. */
export interface MassDeletion {
  /** Stands for exactly the objects that leave; `prune` in the cluster's lock approves it. */
  readonly id: string;
  readonly deletes: number;
  /** How many objects the cluster has. */
  readonly of: number;
}

/** A mass deletion as renders tell it. */
export interface ListedDeletion extends MassDeletion {
  /** All that leave, volumes apart. */
  readonly objects: readonly ObjectId[];
}

/** So many objects go without a word. */
const FREE = 10;

export function isMassDeletion(deletes: number, of: number): boolean {
  return deletes > FREE && deletes * 2 > of;
}

/**
 * The id of a deletion: equal exactly where the same objects leave. A namespace that is not written is `default`, so
 * that renders and an inventory agree.
 * @param volumes those that go too, each the very one that is there now
 */
export function deletionId(
  leaving: readonly ObjectId[],
  volumes: readonly { readonly id: ObjectId; readonly uid: string }[] = [],
): string {
  const keys = leaving.map((id) => keyOf(id)).toSorted();
  const taken = volumes.map(({ id, uid }) => `${keyOf(id)} ${uid}`).toSorted();
  return createHash("sha256")
    .update(JSON.stringify([keys, taken]))
    .digest("hex")
    .slice(0, 16);
}

function keyOf(id: ObjectId): string {
  return objectKey(id.namespace === "default" ? { ...id, namespace: "" } : id);
}

/** A kind whose objects hold data: they are kept unless that they go is approved. */
export function isVolume({ group, kind }: Pick<ObjectId, "group" | "kind">): boolean {
  return group === "" && (kind === "PersistentVolumeClaim" || kind === "PersistentVolume");
}

/** What going from one set of a cluster's objects to another deletes; undefined where it is no mass deletion. */
export function massDeletionBetween(
  before: readonly ObjectId[],
  after: readonly ObjectId[],
): ListedDeletion | undefined {
  const stays = new Set(after.map(keyOf));
  const objects = before.filter((id) => !isVolume(id) && !stays.has(keyOf(id)));
  const [deletes, of] = [objects.length, before.length];
  return isMassDeletion(deletes, of) ? { id: deletionId(objects), deletes, of, objects } : undefined;
}
