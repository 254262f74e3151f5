import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, namespaceOf, numberAt, textAt } from "../store/parts.ts";
import { controllerOf, ownedBy, podOf, suffix, templateHash } from "./owned.ts";
import { isReady } from "./pods.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, ensure, remove } from "./write.ts";

const MANAGER = "kube-controller-manager";
const STATEFUL_SETS = "apps/statefulsets";
const DAEMON_SETS = "apps/daemonsets";

/** StatefulSets, whose Pods are numbered, and DaemonSets, which have one Pod on the one node. */
export const numberedPods: Controller = ({ resource, before, after }, context) => {
  const object = after ?? before;
  if (object === undefined) return;
  const kinds = [STATEFUL_SETS, DAEMON_SETS];
  const owner =
    resource === "/pods"
      ? controllerOf(context, object, kinds)
      : kinds.includes(resource)
        ? after
        : undefined;
  if (owner === undefined) return;
  const key = owner.kind === "StatefulSet" ? STATEFUL_SETS : DAEMON_SETS;
  const now = context.objects.store.get(key, namespaceOf(owner), owner.metadata.name);
  if (now !== undefined && textAt(now, "metadata", "deletionTimestamp") === "") reconcile(now, context);
};

function reconcile(owner: KubeObject, context: ControllerContext): void {
  const stateful = owner.kind === "StatefulSet";
  const wanted = stateful ? numberAt(owner, ["spec", "replicas"], 1) : 1;
  const revision = `${owner.metadata.name}-${templateHash(mapAt(owner, "spec", "template"))}`;
  const labels: JsonObject = { "controller-revision-hash": revision };
  const pods = ownedBy(context, "/pods", owner);
  const outdated = pods.filter(
    (pod) => mapAt(pod, "metadata", "labels")["controller-revision-hash"] !== revision,
  );
  for (const pod of outdated) remove(context, pod);
  const names = Array.from({ length: wanted }, (_, index) => `${owner.metadata.name}-${index}`);
  const current = pods.filter((pod) => !outdated.includes(pod));
  if (stateful) {
    for (const pod of current) if (!names.includes(pod.metadata.name)) remove(context, pod);
    for (const name of names)
      ensure(context, podOf(owner, name, { ...labels, "statefulset.kubernetes.io/pod-name": name }), MANAGER);
  } else if (current.length === 0)
    ensure(context, podOf(owner, `${owner.metadata.name}-${suffix()}`, labels), MANAGER);
  const now = ownedBy(context, "/pods", owner);
  const ready = now.filter(isReady).length;
  const observedGeneration = numberAt(owner, ["metadata", "generation"], 1);
  const status = stateful
    ? {
        observedGeneration,
        replicas: now.length,
        readyReplicas: ready,
        availableReplicas: ready,
        currentReplicas: now.length,
        updatedReplicas: now.length,
        currentRevision: revision,
        updateRevision: revision,
      }
    : {
        observedGeneration,
        desiredNumberScheduled: 1,
        currentNumberScheduled: now.length,
        updatedNumberScheduled: now.length,
        numberReady: ready,
        numberAvailable: ready,
        numberMisscheduled: 0,
      };
  if (Object.entries(status).some(([key, value]) => mapAt(owner, "status")[key] !== value))
    change(context, owner, { status }, MANAGER);
}
