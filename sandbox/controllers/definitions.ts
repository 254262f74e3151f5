import type { KubeObject } from "../../engine/model/kube-object.ts";
import { listAt, mapAt, mapsAt, textAt } from "../store/parts.ts";
import type { ResourceKey } from "../store/types.ts";
import { CRD_RESOURCE } from "../api/registry.ts";
import { condition } from "./owned.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, remove } from "./write.ts";

const FINALIZER = "customresourcecleanup.apiextensions.k8s.io";
const MANAGER = "kube-apiserver";

/** Establishes CustomResourceDefinitions; before one that ends is gone, all of its objects go. */
export const definitions: Controller = ({ resource, after }, context) => {
  const { store } = context.objects;
  if (resource === CRD_RESOURCE) {
    // As it is now: two states of the past, each given a status of its own, would go on by turns for ever
    const crd = after === undefined ? undefined : store.get(CRD_RESOURCE, "", after.metadata.name);
    if (crd === undefined) return;
    if (isEnding(crd)) clear(crd, context);
    else establish(crd, context);
    return;
  }
  const crd = store.list(CRD_RESOURCE).find((one) => resourceOf(one) === resource);
  if (crd !== undefined && isEnding(crd)) clear(crd, context);
};

function isEnding(crd: KubeObject): boolean {
  return textAt(crd, "metadata", "deletionTimestamp") !== "";
}

function resourceOf(crd: KubeObject): ResourceKey {
  return `${textAt(crd, "spec", "group")}/${textAt(crd, "spec", "names", "plural")}`;
}

function clear(crd: KubeObject, context: ControllerContext): void {
  const { store } = context.objects;
  for (const object of store.list(resourceOf(crd)))
    if (textAt(object, "metadata", "deletionTimestamp") === "") remove(context, object);
  if (store.list(resourceOf(crd)).length > 0) return;
  const finalizers = listAt(crd, "metadata", "finalizers").filter((one) => one !== FINALIZER);
  change(context, crd, { metadata: { finalizers } }, MANAGER);
}

function establish(crd: KubeObject, context: ControllerContext): void {
  const finalizers = listAt(crd, "metadata", "finalizers");
  if (!finalizers.includes(FINALIZER))
    change(context, crd, { metadata: { finalizers: [...finalizers, FINALIZER] } }, MANAGER);
  const now = context.now();
  const conditions = [
    condition(crd, "NamesAccepted", true, "NoConflicts", "no conflicts found", now),
    condition(crd, "Established", true, "InitialNamesAccepted", "the initial names have been accepted", now),
  ].map(({ lastUpdateTime: _unknown, ...rest }) => rest);
  const storage = mapsAt(crd, "spec", "versions").filter((one) => one.storage === true);
  const known = listAt(crd, "status", "storedVersions");
  const added = storage.map((one) => one.name ?? "").filter((name) => !known.includes(name));
  const status = {
    conditions,
    acceptedNames: mapAt(crd, "spec", "names"),
    storedVersions: [...known, ...added],
  };
  change(context, crd, { status }, MANAGER);
}
