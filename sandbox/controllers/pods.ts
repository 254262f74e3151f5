import { isDeepStrictEqual } from "node:util";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, namespaceOf, textAt, uidOf } from "../store/parts.ts";
import { BACKS_OFF_AFTER_MS, podStatus } from "./pod-status.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change } from "./write.ts";

export const NODE = "sandbox";
/** How long a new Pod takes to run. */
const STARTS_AFTER_MS = 80;

/** Plays scheduler and kubelet: a new Pod, or one of another image, runs a moment later if its image can be pulled. */
export const pods: Controller = ({ resource, before, after }, context) => {
  if (resource !== "/pods" || after === undefined) return;
  const isStarted = mapsAt(after, "status", "containerStatuses").length > 0;
  const images = (pod: KubeObject) => mapsAt(pod, "spec", "containers").map((one) => textAt(one, "image"));
  // What ran before the sandbox was stopped goes on as it is.
  if (before === undefined ? isStarted : isDeepStrictEqual(images(before), images(after))) return;
  context.later(STARTS_AFTER_MS, () => start(after, context));
};

function start(created: KubeObject, context: ControllerContext): void {
  const pod = found(created, context);
  if (pod === undefined) return;
  if (textAt(pod, "spec", "nodeName") === "")
    change(context, pod, { spec: { nodeName: NODE } }, "kube-scheduler");
  const status = podStatus(pod, "first", context.now());
  change(context, pod, { status }, "kubelet");
  if (status.phase !== "Pending") return;
  context.later(BACKS_OFF_AFTER_MS, () => {
    const now = found(pod, context);
    if (now !== undefined)
      change(context, now, { status: podStatus(now, "again", context.now()) }, "kubelet");
  });
}

/** The Pod as it is now, unless it is another of its name. */
function found(pod: KubeObject, context: ControllerContext): KubeObject | undefined {
  const now = context.objects.store.get("/pods", namespaceOf(pod), pod.metadata.name);
  return now !== undefined && uidOf(now) === uidOf(pod) ? now : undefined;
}

export function isReady(pod: KubeObject): boolean {
  return mapsAt(pod, "status", "conditions").some((one) => one.type === "Ready" && one.status === "True");
}

/** Whether an object has all of these labels. */
export function matchesLabels(object: KubeObject, labels: JsonObject): boolean {
  const own = mapAt(object, "metadata", "labels");
  return Object.entries(labels).every(([key, value]) => own[key] === value);
}
