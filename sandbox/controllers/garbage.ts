import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { FOREGROUND } from "../api/delete-object.ts";
import { targetOf } from "../api/objects.ts";
import { listAt, mapsAt, namespaceOf, textAt, uidOf } from "../store/parts.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, remove } from "./write.ts";

/**
 * Removes what belonged to objects that are gone, also where the process ended between the two. An owner that is deleted
 * in the foreground goes after its dependents
 * (https://kubernetes.io/docs/concepts/architecture/garbage-collection/).
 */
export const garbage: Controller = ({ before, after }, context) => {
  if (after === undefined) {
    if (before === undefined) return;
    for (const dependent of dependentsOf(before, context)) collect(dependent, context);
    for (const reference of mapsAt(before, "metadata", "ownerReferences")) {
      const owner = ownerOf(before, reference, context);
      if (owner !== undefined) finish(owner, context);
    }
    return;
  }
  if (before === undefined) collect(after, context);
  finish(after, context);
};

/** Removes an object all of whose owners are gone. */
function collect(object: KubeObject, context: ControllerContext): void {
  const owners = mapsAt(object, "metadata", "ownerReferences");
  if (owners.length === 0) return;
  if (owners.every((reference) => isGone(object, reference, context))) remove(context, object);
}

/** An owner of a kind that is not served is unknown, not gone. */
function isGone(object: KubeObject, reference: JsonObject, context: ControllerContext): boolean {
  const served = context.registry.byKind(textAt(reference, "apiVersion"), textAt(reference, "kind"));
  return served !== undefined && ownerOf(object, reference, context) === undefined;
}

function ownerOf(
  object: KubeObject,
  reference: JsonObject,
  context: ControllerContext,
): KubeObject | undefined {
  const [apiVersion, kind] = [textAt(reference, "apiVersion"), textAt(reference, "kind")];
  const definition = context.registry.byKind(apiVersion, kind);
  if (definition === undefined) return undefined;
  const named: KubeObject = {
    apiVersion,
    kind,
    metadata: { name: textAt(reference, "name"), namespace: namespaceOf(object) },
  };
  const found = context.objects.find(targetOf(definition, named));
  return found !== undefined && uidOf(found) === reference.uid ? found : undefined;
}

function dependentsOf(owner: KubeObject, context: ControllerContext): KubeObject[] {
  return context.objects.store.ownedBy(uidOf(owner)).map((kept) => kept.object);
}

/** Goes on with an object that waits for its dependents to be gone. */
function finish(owner: KubeObject, context: ControllerContext): void {
  const finalizers = listAt(owner, "metadata", "finalizers");
  if (textAt(owner, "metadata", "deletionTimestamp") === "" || !finalizers.includes(FOREGROUND)) return;
  const dependents = dependentsOf(owner, context);
  for (const dependent of dependents) {
    if (textAt(dependent, "metadata", "deletionTimestamp") !== "") continue;
    remove(context, dependent, dependentsOf(dependent, context).length > 0 ? "Foreground" : "Background");
  }
  if (dependentsOf(owner, context).length > 0) return;
  const left = finalizers.filter((finalizer) => finalizer !== FOREGROUND);
  change(context, owner, { metadata: { finalizers: left } }, "kube-controller-manager");
}
