import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapsAt, textAt } from "../store/parts.ts";

/** How long after a failed pull the kubelet says that it backs off. */
export const BACKS_OFF_AFTER_MS = 150;

const REFERENCE =
  /^[a-z0-9]+([._-]+[a-z0-9]+)*(:[0-9]+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** Whether an image was tried before. */
type Attempt = "first" | "again";

/**
 * The status of a Pod once it was started: running, or finished at once where it is not restarted for ever. An image
 * whose name holds `does-not-exist` or `broken` cannot be pulled, so that users can see a failure.
 */
export function podStatus(pod: KubeObject, attempt: Attempt, now: Date): JsonObject {
  const time = now.toISOString().replace(/\.\d+Z$/, "Z");
  const finishes = textAt(pod, "spec", "restartPolicy") !== "Always";
  const containerStatuses = mapsAt(pod, "spec", "containers").map((container) =>
    containerStatus(container, { attempt, finishes, time }),
  );
  const isPulled = containerStatuses.every((status) => !("waiting" in status.state));
  const isReady = isPulled && !finishes;
  const reason = isReady ? {} : { reason: isPulled ? "PodCompleted" : "ContainersNotReady" };
  const condition = (type: string, status: boolean) => ({
    type,
    status: status ? "True" : "False",
    lastProbeTime: null,
    lastTransitionTime: time,
    ...(status ? {} : reason),
  });
  return {
    phase: isPulled ? (finishes ? "Succeeded" : "Running") : "Pending",
    startTime: textAt(pod, "status", "startTime") || time,
    hostIP: "127.0.0.1",
    hostIPs: [{ ip: "127.0.0.1" }],
    podIP: podAddress(pod),
    podIPs: [{ ip: podAddress(pod) }],
    qosClass: "BestEffort",
    conditions: [
      condition("PodScheduled", true),
      condition("Initialized", true),
      condition("ContainersReady", isReady),
      condition("Ready", isReady),
    ],
    containerStatuses,
  };
}

interface Start {
  readonly attempt: Attempt;
  readonly finishes: boolean;
  readonly time: string;
}

function containerStatus(container: JsonObject, { attempt, finishes, time }: Start) {
  const image = textAt(container, "image");
  const waiting = imageProblem(image, attempt);
  const base = { name: textAt(container, "name"), image, imageID: "", lastState: {}, restartCount: 0 };
  if (waiting !== undefined) return { ...base, ready: false, started: false, state: { waiting } };
  if (!finishes) return { ...base, ready: true, started: true, state: { running: { startedAt: time } } };
  const terminated = { exitCode: 0, reason: "Completed", startedAt: time, finishedAt: time };
  return { ...base, ready: false, started: false, state: { terminated } };
}

function imageProblem(image: string, attempt: Attempt): JsonObject | undefined {
  if (!REFERENCE.test(image)) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name: invalid reference format`;
    return { reason: "InvalidImageName", message };
  }
  if (!/does-not-exist|broken/.test(image)) return undefined;
  const why = `failed to pull and unpack image "${image}": not found`;
  return attempt === "first"
    ? { reason: "ErrImagePull", message: why }
    : { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}": ErrImagePull: ${why}` };
}

/** An address of 10.244.0.0/16 by the identity of the Pod. */
function podAddress(pod: KubeObject): string {
  let hash = 0;
  for (const character of textAt(pod, "metadata", "uid"))
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 64_000;
  return `10.244.${Math.floor(hash / 250)}.${(hash % 250) + 2}`;
}
