import type { KubeObject } from "../../engine/model/kube-object.ts";
import { textAt } from "../store/parts.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { ensure, remove } from "./write.ts";

const NAMESPACES = "/namespaces";
const MANAGER = "kube-controller-manager";

/** Puts into a Namespace what every one has; empties and removes those that are ending. */
export const namespaces: Controller = ({ resource, before, after }, context) => {
  if (resource === NAMESPACES && after !== undefined) {
    if (textAt(after, "metadata", "deletionTimestamp") === "") furnish(after, context);
    else clear(after.metadata.name, context);
    return;
  }
  const gone = after === undefined ? before : undefined;
  const namespace = gone === undefined ? "" : textAt(gone, "metadata", "namespace");
  if (namespace === "") return;
  finish(namespace, context);
  const left = context.objects.store.get(NAMESPACES, "", namespace);
  if (left !== undefined && textAt(left, "metadata", "deletionTimestamp") === "") furnish(left, context);
};

function furnish(namespace: KubeObject, context: ControllerContext): void {
  const inside = (name: string) => ({ name, namespace: namespace.metadata.name });
  ensure(context, { apiVersion: "v1", kind: "ServiceAccount", metadata: inside("default") }, MANAGER);
  const data = { "ca.crt": "the sandbox speaks plain HTTP on this machine" };
  ensure(
    context,
    { apiVersion: "v1", kind: "ConfigMap", metadata: inside("kube-root-ca.crt"), data },
    MANAGER,
  );
}

function clear(namespace: string, context: ControllerContext): void {
  for (const object of contentOf(namespace, context)) {
    if (textAt(object, "metadata", "deletionTimestamp") === "") remove(context, object);
  }
  finish(namespace, context);
}

function finish(namespace: string, context: ControllerContext): void {
  const { store } = context.objects;
  const found = store.get(NAMESPACES, "", namespace);
  if (found === undefined || textAt(found, "metadata", "deletionTimestamp") === "") return;
  if (contentOf(namespace, context).length === 0) store.remove(NAMESPACES, found);
}

function contentOf(namespace: string, context: ControllerContext): KubeObject[] {
  return context.objects.store
    .resources()
    .flatMap((resource) => context.objects.store.list(resource, namespace));
}
