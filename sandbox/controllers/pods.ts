import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, textAt } from "../store/parts.ts";
import type { Controller } from "./types.ts";
import { change } from "./write.ts";

export const NODE = "sandbox";
const STARTS_AFTER_MS = 80;
const REFERENCE =
  /^[a-z0-9]+([._-]+[a-z0-9]+)*(:[0-9]+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** Plays scheduler and kubelet: a new Pod runs a moment later, unless its image cannot be pulled. */
export const pods: Controller = ({ resource, before, after }, context) => {
  if (resource !== "/pods" || before !== undefined || after === undefined) return;
  if (mapsAt(after, "status", "containerStatuses").length > 0) return; // it ran before the sandbox was stopped
  context.later(STARTS_AFTER_MS, () => {
    if (textAt(after, "spec", "nodeName") === "")
      change(context, after, { spec: { nodeName: NODE } }, "kube-scheduler");
    change(context, after, { status: startedStatus(after, context.now()) }, "kubelet");
  });
};

/** Why an image is not there. Users see failures by names that hold `does-not-exist` or `broken`. */
function imageProblem(image: string): { reason: string; message: string } | undefined {
  if (!REFERENCE.test(image)) {
    return {
      reason: "InvalidImageName",
      message: `Failed to apply default image tag "${image}": couldn't parse image name: invalid reference format`,
    };
  }
  if (!/does-not-exist|broken/.test(image)) return undefined;
  return {
    reason: "ImagePullBackOff",
    message: `Back-off pulling image "${image}": ErrImagePull: not found`,
  };
}

function startedStatus(pod: KubeObject, now: Date): JsonObject {
  const startTime = now.toISOString().replace(/\.\d+Z$/, "Z");
  const containers = mapsAt(pod, "spec", "containers");
  const statuses = containers.map((container) => {
    const image = textAt(container, "image");
    const problem = imageProblem(image);
    const base = { name: textAt(container, "name"), image, imageID: "", restartCount: 0 };
    if (problem !== undefined) return { ...base, ready: false, started: false, state: { waiting: problem } };
    return { ...base, ready: true, started: true, state: { running: { startedAt: startTime } } };
  });
  const ready = statuses.every((status) => status.ready);
  const finishes = textAt(pod, "spec", "restartPolicy") !== "Always";
  const phase = ready ? (finishes ? "Succeeded" : "Running") : "Pending";
  const condition = (type: string, status: boolean) => ({
    type,
    status: status ? "True" : "False",
    lastProbeTime: null,
    lastTransitionTime: startTime,
  });
  return {
    phase,
    startTime,
    hostIP: "127.0.0.1",
    podIP: podAddress(pod),
    podIPs: [{ ip: podAddress(pod) }],
    qosClass: "BestEffort",
    conditions: [
      condition("PodScheduled", true),
      condition("Initialized", true),
      condition("ContainersReady", ready && !finishes),
      condition("Ready", ready && !finishes),
    ],
    containerStatuses: statuses,
  };
}

function podAddress(pod: KubeObject): string {
  let hash = 0;
  for (const character of textAt(pod, "metadata", "uid"))
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 64_000;
  return `10.244.${Math.floor(hash / 250)}.${(hash % 250) + 2}`;
}

export function isReady(pod: KubeObject): boolean {
  return mapsAt(pod, "status", "conditions").some((one) => one.type === "Ready" && one.status === "True");
}

/** The Pods of a namespace that a selector picks. */
export function matchesLabels(object: KubeObject, labels: JsonObject): boolean {
  const own = mapAt(object, "metadata", "labels");
  return Object.entries(labels).every(([key, value]) => own[key] === value);
}
