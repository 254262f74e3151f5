import type { KubeObject } from "../../engine/model/kube-object.ts";
import { listAt, mapAt, mapsAt, textAt, uidOf, withMetadata } from "../store/parts.ts";
import type { Store } from "../store/store.ts";
import { resourceKey } from "../store/types.ts";
import type { Objects, Target } from "./objects.ts";
import { conflict } from "./status-error.ts";

export interface DeleteOptions {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly propagation: "Background" | "Foreground" | "Orphan";
  readonly dryRun: boolean;
}

/** The finalizer of an object that goes after its dependents. */
export const FOREGROUND = "foregroundDeletion";

/**
 * Deletes as the API server does: preconditions first; with finalizers the object stays with a deletionTimestamp;
 * dependents go with it, or are let go. Returns the object as it was last.
 */
export function deleteObject(
  objects: Objects,
  target: Target,
  options: DeleteOptions,
  now: Date,
): KubeObject {
  const { store } = objects;
  const found = objects.get(target);
  checkPreconditions(target, found, options);
  if (options.dryRun) return found;
  if (options.propagation === "Orphan") orphanDependents(store, uidOf(found));
  const key = resourceKey(target.definition);
  const own = listAt(found, "metadata", "finalizers");
  const finalizers =
    options.propagation === "Foreground" && !own.includes(FOREGROUND) ? [...own, FOREGROUND] : own;
  if (finalizers.length === 0 && target.definition.kind !== "Namespace") return store.remove(key, found);
  if (textAt(found, "metadata", "deletionTimestamp") !== "") return found;
  const deletionTimestamp = now.toISOString().replace(/\.\d+Z$/, "Z");
  const ending = withMetadata(found, {
    deletionTimestamp,
    deletionGracePeriodSeconds: 0,
    ...(finalizers.length === 0 ? {} : { finalizers }),
  });
  const status = { ...mapAt(found, "status"), phase: "Terminating" };
  return store.put(key, target.definition.kind === "Namespace" ? { ...ending, status } : ending);
}

function checkPreconditions({ definition, name }: Target, found: KubeObject, options: DeleteOptions): void {
  const uid = uidOf(found);
  if (options.uid !== "" && options.uid !== uid) {
    throw conflict(
      definition,
      name,
      `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${uid}`,
    );
  }
  const version = textAt(found, "metadata", "resourceVersion");
  if (options.resourceVersion !== "" && options.resourceVersion !== version) {
    throw conflict(
      definition,
      name,
      `Precondition failed: ResourceVersion in precondition: ${options.resourceVersion}, ResourceVersion in object meta: ${version}`,
    );
  }
}

function orphanDependents(store: Store, owner: string): void {
  for (const { resource, object } of store.ownedBy(owner)) {
    const left = mapsAt(object, "metadata", "ownerReferences").filter((one) => one.uid !== owner);
    store.put(resource, withMetadata(object, { ownerReferences: left.length === 0 ? undefined : left }));
  }
}
