import type { KubeObject } from "../model/kube-object.ts";
import { conditionsOf, objects, text } from "./fields.ts";
import { failed, type Health, HEALTHY, progressing } from "./health.ts";

/** A Pod that no node takes is given so long before it counts as failed. */
const SCHEDULE_WINDOW_MS = 15_000;

export function podHealth(pod: KubeObject, now: Date): Health {
  const phase = text(pod, "status", "phase");
  switch (phase) {
    case "Succeeded":
    case "Failed": // ended, as kstatus has it; whether that is well is its owner's to say
      return HEALTHY;
    case "Running":
      return runningHealth(pod);
    case "Pending":
      return unschedulable(pod, now) ?? progressing("the Pod is pending");
    case "":
      return progressing("no kubelet has seen the Pod yet");
    default:
      return { health: "unknown", message: `the Pod has the unknown phase ${phase}` };
  }
}

function runningHealth(pod: KubeObject): Health {
  if (conditionsOf(pod).some(({ type, status }) => type === "Ready" && status === "True")) return HEALTHY;
  const crashing = objects(pod, "status", "containerStatuses")
    .filter((container) => text(container, "state", "waiting", "reason") === "CrashLoopBackOff")
    .map((container) => text(container, "name"));
  if (crashing.length > 0) return failed(`crash loop of ${crashing.join(", ")}`);
  return progressing("the Pod runs and is not ready yet");
}

/** What to say of a Pod that the scheduler cannot place; undefined for any other Pod. */
export function unschedulable(pod: KubeObject, now: Date): Health | undefined {
  const refused = conditionsOf(pod).find(
    ({ type, status, reason }) => type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
  if (refused === undefined) return undefined;
  const created = Date.parse(text(pod, "metadata", "creationTimestamp"));
  const left = Number.isNaN(created) ? 0 : created + SCHEDULE_WINDOW_MS - now.getTime();
  if (left > 0) return { ...progressing("the Pod is not scheduled yet"), recheckMs: left };
  return failed(`no node takes the Pod${refused.message === "" ? "" : `: ${refused.message}`}`);
}
