import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, namespaceOf, numberAt, textAt } from "../store/parts.ts";
import { controllerOf, ownedBy, podOf, suffix } from "./owned.ts";
import { isReady } from "./pods.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, ensure, remove } from "./write.ts";

const REPLICA_SETS = "apps/replicasets";
const MANAGER = "kube-controller-manager";

/** Keeps as many Pods as a ReplicaSet asks for. */
export const replicaSets: Controller = ({ resource, before, after }, context) => {
  const object = after ?? before;
  if (object === undefined) return;
  const owner =
    resource === "/pods"
      ? controllerOf(context, object, [REPLICA_SETS])
      : resource === REPLICA_SETS
        ? after
        : undefined;
  const set =
    owner === undefined
      ? undefined
      : context.objects.store.get(REPLICA_SETS, namespaceOf(owner), owner.metadata.name);
  if (set !== undefined && textAt(set, "metadata", "deletionTimestamp") === "") reconcile(set, context);
};

function reconcile(set: KubeObject, context: ControllerContext): void {
  const wanted = numberAt(set, ["spec", "replicas"], 1);
  const pods = ownedBy(context, "/pods", set);
  for (let missing = wanted - pods.length; missing > 0; missing--) {
    ensure(context, podOf(set, `${set.metadata.name}-${suffix()}`, {}), MANAGER);
  }
  for (const pod of pods.slice(wanted)) remove(context, pod);
  const now = ownedBy(context, "/pods", set);
  const ready = now.filter(isReady).length;
  const status = {
    observedGeneration: numberAt(set, ["metadata", "generation"], 1),
    replicas: now.length,
    fullyLabeledReplicas: now.length,
    readyReplicas: ready,
    availableReplicas: ready,
  };
  if (Object.entries(status).some(([key, value]) => mapAt(set, "status")[key] !== value))
    change(context, set, { status }, MANAGER);
}
