import type { JsonObject, KubeObject } from "../model/kube-object.ts";
import { integer, objects, text } from "./fields.ts";
import { failed, type Health } from "./health.ts";
import { unschedulable } from "./pod.ts";

/** Reasons of a waiting container that do not end by waiting. */
const HOPELESS = new Set([
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
]);

const CRASHES = 3;

/**
 * What keeps a Pod of a workload from becoming ready, long before a deadline says so; undefined where waiting may help.
 * Progressing with `recheckMs` means: not scheduled for less than 15 s. Ending Pods have no problem.
 */
export function podProblem(pod: KubeObject, now: Date): Health | undefined {
  if (text(pod, "metadata", "deletionTimestamp") !== "") return undefined;
  const containers = [
    ...objects(pod, "status", "initContainerStatuses"),
    ...objects(pod, "status", "containerStatuses"),
  ];
  const said = containers.map(containerProblem).find((problem) => problem !== undefined);
  if (said !== undefined) return failed(`Pod ${pod.metadata.name}: ${said}`);
  return text(pod, "status", "phase") === "Pending" ? unschedulable(pod, now) : undefined;
}

function containerProblem(container: JsonObject): string | undefined {
  const reason = text(container, "state", "waiting", "reason");
  const name = text(container, "name");
  if (reason === "CrashLoopBackOff") {
    const restarts = integer(container, ["restartCount"], 0);
    if (restarts < CRASHES) return undefined;
    return `container ${name} crashed ${restarts} times${lastExit(container)}`;
  }
  if (!HOPELESS.has(reason)) return undefined;
  const message = text(container, "state", "waiting", "message");
  return `container ${name}: ${reason}${message === "" ? "" : `: ${message}`}`;
}

function lastExit(container: JsonObject): string {
  const code = integer(container, ["lastState", "terminated", "exitCode"], -1);
  return code === -1 ? "" : `, the last time with exit code ${code}`;
}
