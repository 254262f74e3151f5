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
  if (resource === CRD_RESOURCE) {
    if (after === undefined) return;
    if (isEnding(after)) clear(after, context);
    else establish(after, context);
    return;
  }
  const crd = context.objects.store.list(CRD_RESOURCE).find((one) => resourceOf(one) === resource);
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
