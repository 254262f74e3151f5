import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, namespaceOf, numberAt, textAt } from "../store/parts.ts";
import { controllerOf, isAt, ownedBy, podOf, REVISION, suffix, templateHash } from "./owned.ts";
import { isReady } from "./pods.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, ensure, remove } from "./write.ts";

const MANAGER = "kube-controller-manager";
const DAEMON_SETS = "apps/daemonsets";

/** Keeps one Pod of a DaemonSet on the one node. */
export const daemonSets: Controller = ({ resource, before, after }, context) => {
  const object = after ?? before;
  if (object === undefined) return;
  const owner =
    resource === "/pods"
      ? controllerOf(context, object, [DAEMON_SETS])
      : resource === DAEMON_SETS
        ? after
        : undefined;
  if (owner === undefined) return;
  const now = context.objects.store.get(DAEMON_SETS, namespaceOf(owner), owner.metadata.name);
  if (now !== undefined && textAt(now, "metadata", "deletionTimestamp") === "") reconcile(now, context);
};

function reconcile(set: KubeObject, context: ControllerContext): void {
  const revision = templateHash(mapAt(set, "spec", "template"));
  if (textAt(set, "spec", "updateStrategy", "type") !== "OnDelete") {
    for (const pod of ownedBy(context, "/pods", set)) if (!isAt(pod, revision)) remove(context, pod);
  }
  if (ownedBy(context, "/pods", set).length === 0)
    ensure(context, podOf(set, `${set.metadata.name}-${suffix()}`, { [REVISION]: revision }), MANAGER);
  const pods = ownedBy(context, "/pods", set);
  const ready = pods.filter(isReady).length;
  const status = {
    observedGeneration: numberAt(set, ["metadata", "generation"], 1),
    desiredNumberScheduled: 1,
    currentNumberScheduled: pods.length,
    updatedNumberScheduled: pods.filter((pod) => isAt(pod, revision)).length,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: ready === 0 ? 1 : null,
    numberMisscheduled: 0,
  };
  change(context, set, { status }, MANAGER);
}
