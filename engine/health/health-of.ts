import { type KubeObject, parseApiVersion } from "../model/kube-object.ts";
import { daemonSetHealth } from "./daemon-set.ts";
import { apiServiceHealth, customResourceDefinitionHealth } from "./definitions.ts";
import { deploymentHealth } from "./deployment.ts";
import { text } from "./fields.ts";
import { genericHealth, readyHealth } from "./generic.ts";
import { type Health, HEALTHY, progressing } from "./health.ts";
import { jobHealth } from "./job.ts";
import { newestPods } from "./newest-pods.ts";
import { podHealth } from "./pod.ts";
import { podProblem } from "./pod-problem.ts";
import { replicaSetHealth } from "./replica-set.ts";
import { serviceHealth } from "./service.ts";
import { statefulSetHealth } from "./stateful-set.ts";

/** By group and kind; the version does not matter. */
const RULES: Readonly<Record<string, (object: KubeObject, now: Date) => Health>> = {
  "/ConfigMap": () => HEALTHY,
  "/PersistentVolumeClaim": claimHealth,
  "/Pod": podHealth,
  "/Secret": () => HEALTHY,
  "/Service": serviceHealth,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinitionHealth,
  "apiregistration.k8s.io/APIService": apiServiceHealth,
  "apps/DaemonSet": daemonSetHealth,
  "apps/Deployment": deploymentHealth,
  "apps/ReplicaSet": replicaSetHealth,
  "apps/StatefulSet": statefulSetHealth,
  "batch/CronJob": () => HEALTHY,
  "batch/Job": jobHealth,
  "policy/PodDisruptionBudget": () => HEALTHY,
};

/**
 * The health of one object by kstatus' rules (sigs.k8s.io/cli-utils, pkg/kstatus/status), except that a running Job is
 * progressing and an APIService needs `Available`.
 */
export function healthOf(object: KubeObject, now: Date): Health {
  const rule = RULES[`${parseApiVersion(object.apiVersion).group}/${object.kind}`];
  return genericHealth(object) ?? rule?.(object, now) ?? readyHealth(object);
}

/**
 * The health of a workload with what its Pods show: one that cannot become ready is failed long before its deadline.
 * @param replicaSets for a Deployment: those of its selector
 */
export function workloadHealth(
  workload: KubeObject,
  pods: readonly KubeObject[],
  replicaSets: readonly KubeObject[],
  now: Date,
): Health {
  const own = healthOf(workload, now);
  if (own.health !== "progressing") return own;
  const problems = newestPods(workload, pods, replicaSets)
    .map((pod) => podProblem(pod, now))
    .filter((problem) => problem !== undefined);
  const worst = problems.find(({ health }) => health === "failed");
  if (worst !== undefined) return worst;
  const recheckMs = Math.min(...problems.map((problem) => problem.recheckMs ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(recheckMs) ? { ...own, recheckMs } : own;
}

function claimHealth(object: KubeObject): Health {
  const phase = text(object, "status", "phase");
  return phase === "Bound"
    ? HEALTHY
    : progressing(`it is not bound (${phase === "" ? "no phase yet" : phase})`);
}
