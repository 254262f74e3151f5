import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, namespaceOf, numberAt, textAt } from "../store/parts.ts";
import { controllerOf, isAt, ownedBy, podOf, REVISION, templateHash } from "./owned.ts";
import { isReady } from "./pods.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, ensure, remove } from "./write.ts";

const MANAGER = "kube-controller-manager";
const STATEFUL_SETS = "apps/statefulsets";

/**
 * Runs the numbered Pods of a StatefulSet, one after the other where it asks for order, each with its claims. Claims stay
 * when it goes (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/).
 */
export const statefulSets: Controller = ({ resource, before, after }, context) => {
  const object = after ?? before;
  if (object === undefined) return;
  const owner =
    resource === "/pods"
      ? controllerOf(context, object, [STATEFUL_SETS])
      : resource === STATEFUL_SETS
        ? after
        : undefined;
  if (owner === undefined) return;
  const now = context.objects.store.get(STATEFUL_SETS, namespaceOf(owner), owner.metadata.name);
  if (now !== undefined && textAt(now, "metadata", "deletionTimestamp") === "") reconcile(now, context);
};

function reconcile(set: KubeObject, context: ControllerContext): void {
  const update = `${set.metadata.name}-${templateHash(mapAt(set, "spec", "template"))}`;
  const wanted = numberAt(set, ["spec", "replicas"], 1);
  for (const pod of ownedBy(context, "/pods", set)) if (ordinalOf(pod) >= wanted) remove(context, pod);
  if (fill(set, wanted, update, context)) replace(set, update, context);
  const pods = ownedBy(context, "/pods", set);
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => isAt(pod, update)).length;
  const before = textAt(set, "status", "currentRevision");
  const current = before === "" || (updated === wanted && ready === wanted) ? update : before;
  const status = {
    observedGeneration: numberAt(set, ["metadata", "generation"], 1),
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: pods.filter((pod) => isAt(pod, current)).length,
    updatedReplicas: updated,
    currentRevision: current,
    updateRevision: update,
    collisionCount: 0,
  };
  change(context, set, { status }, MANAGER);
}

function ordinalOf(pod: KubeObject): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf("-") + 1));
}

/** Makes the Pods that are missing; in order, each waits for the one before it. Returns whether none is waited for. */
function fill(set: KubeObject, wanted: number, revision: string, context: ControllerContext): boolean {
  const ordered = textAt(set, "spec", "podManagementPolicy") !== "Parallel";
  for (let ordinal = 0; ordinal < wanted; ordinal++) {
    const name = `${set.metadata.name}-${ordinal}`;
    claim(set, ordinal, context);
    ensure(context, numbered(set, name, ordinal, revision), MANAGER);
    const pod = context.objects.store.get("/pods", namespaceOf(set), name);
    if (ordered && (pod === undefined || !isReady(pod))) return false;
  }
  return true;
}

/** Takes away the last Pod of an older template, where those behind it are ready; its successor comes by its own event. */
function replace(set: KubeObject, revision: string, context: ControllerContext): void {
  if (textAt(set, "spec", "updateStrategy", "type") === "OnDelete") return;
  const partition = numberAt(set, ["spec", "updateStrategy", "rollingUpdate", "partition"], 0);
  const pods = ownedBy(context, "/pods", set).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of pods) {
    if (ordinalOf(pod) < partition) return;
    if (!isAt(pod, revision)) return remove(context, pod);
    if (!isReady(pod)) return;
  }
}

function numbered(set: KubeObject, name: string, ordinal: number, revision: string): KubeObject {
  const labels: JsonObject = {
    [REVISION]: revision,
    "apps.kubernetes.io/pod-index": String(ordinal),
    "statefulset.kubernetes.io/pod-name": name,
  };
  const pod = podOf(set, name, labels);
  const claims = mapsAt(set, "spec", "volumeClaimTemplates").map((template) =>
    textAt(template, "metadata", "name"),
  );
  const own = claims.map((volume) => ({
    name: volume,
    persistentVolumeClaim: { claimName: `${volume}-${name}` },
  }));
  const others = mapsAt(pod, "spec", "volumes").filter((volume) => !claims.includes(textAt(volume, "name")));
  const volumes = [...own, ...others];
  const serviceName = textAt(set, "spec", "serviceName");
  const spec = {
    ...mapAt(pod, "spec"),
    hostname: name,
    ...(serviceName === "" ? {} : { subdomain: serviceName }),
    ...(volumes.length === 0 ? {} : { volumes }),
  };
  return { ...pod, spec };
}

function claim(set: KubeObject, ordinal: number, context: ControllerContext): void {
  for (const template of mapsAt(set, "spec", "volumeClaimTemplates")) {
    const labels = {
      ...mapAt(template, "metadata", "labels"),
      ...mapAt(set, "spec", "selector", "matchLabels"),
    };
    const name = `${textAt(template, "metadata", "name")}-${set.metadata.name}-${ordinal}`;
    const object: KubeObject = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace: namespaceOf(set), labels },
      spec: mapAt(template, "spec"),
    };
    ensure(context, object, MANAGER);
  }
}
