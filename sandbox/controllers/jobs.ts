import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, namespaceOf, numberAt, textAt, uidOf } from "../store/parts.ts";
import { condition, controllerOf, ownedBy, podOf, suffix } from "./owned.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, ensure, remove } from "./write.ts";

const JOBS = "batch/jobs";
const MANAGER = "kube-controller-manager";
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Runs the Pods of a Job to their end, and removes it after its time to live. */
export const jobs: Controller = ({ resource, before, after }, context) => {
  const object = after ?? before;
  if (object === undefined) return;
  const owner =
    resource === "/pods" ? controllerOf(context, object, [JOBS]) : resource === JOBS ? after : undefined;
  const job =
    owner === undefined
      ? undefined
      : context.objects.store.get(JOBS, namespaceOf(owner), owner.metadata.name);
  if (job !== undefined && textAt(job, "metadata", "deletionTimestamp") === "") reconcile(job, context);
};

function reconcile(job: KubeObject, context: ControllerContext): void {
  if (mapsAt(job, "status", "conditions").some((one) => one.type === "Complete")) return expire(job, context);
  if (mapAt(job, "spec").suspend === true) return;
  const completions = numberAt(job, ["spec", "completions"], 1);
  const pods = ownedBy(context, "/pods", job);
  const labels = { "job-name": job.metadata.name, "batch.kubernetes.io/job-name": job.metadata.name };
  for (let missing = completions - pods.length; missing > 0; missing--) {
    ensure(context, podOf(job, `${job.metadata.name}-${suffix()}`, labels), MANAGER);
  }
  const succeeded = pods.filter((pod) => textAt(pod, "status", "phase") === "Succeeded").length;
  const startTime =
    textAt(job, "status", "startTime") ||
    context
      .now()
      .toISOString()
      .replace(/\.\d+Z$/, "Z");
  if (succeeded < completions) {
    change(context, job, { status: { startTime, active: completions - succeeded, succeeded } }, MANAGER);
    return;
  }
  const complete = condition(
    job,
    "Complete",
    true,
    "CompletionsReached",
    "Reached expected number of succeeded pods",
    context.now(),
  );
  const completionTime = context
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  change(
    context,
    job,
    { status: { startTime, completionTime, active: null, succeeded, conditions: [complete] } },
    MANAGER,
  );
}

/** Removes a finished Job once its time to live is over, also where the sandbox was stopped meanwhile. */
function expire(job: KubeObject, context: ControllerContext): void {
  const ttl = numberAt(job, ["spec", "ttlSecondsAfterFinished"], -1);
  if (ttl < 0) return;
  const end = Date.parse(textAt(job, "status", "completionTime")) + ttl * 1000;
  context.later(Math.min(Math.max(0, end - context.now().getTime()), LONGEST_TIMER_MS), () => {
    const found = context.objects.store.get(JOBS, namespaceOf(job), job.metadata.name);
    if (found !== undefined && uidOf(found) === uidOf(job)) remove(context, found);
  });
}
