import type { KubeObject } from "../model/kube-object.ts";
import { conditionsOf, integer } from "./fields.ts";
import { failed, type Health, HEALTHY, progressing } from "./health.ts";

/** The controller takes a deadline of this length as none. */
const NO_DEADLINE = 2_147_483_647;

export function deploymentHealth(object: KubeObject): Health {
  const conditions = conditionsOf(object);
  const deadline = conditions.find(
    ({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded",
  );
  if (deadline !== undefined) {
    return failed(deadline.message === "" ? "its progress deadline is exceeded" : deadline.message);
  }
  const progressed =
    integer(object, ["spec", "progressDeadlineSeconds"], NO_DEADLINE) === NO_DEADLINE ||
    conditions.some(
      ({ type, status, reason }) =>
        type === "Progressing" && status === "True" && reason === "NewReplicaSetAvailable",
    );
  const available = conditions.some(({ type, status }) => type === "Available" && status === "True");
  const wanted = integer(object, ["spec", "replicas"], 1);
  const replicas = integer(object, ["status", "replicas"], 0);
  const updated = integer(object, ["status", "updatedReplicas"], 0);
  const ready = integer(object, ["status", "readyReplicas"], 0);
  const usable = integer(object, ["status", "availableReplicas"], 0);

  if (wanted > replicas) return progressing(`${replicas} of ${wanted} replicas`);
  if (wanted > updated) return progressing(`${updated} of ${wanted} replicas updated`);
  if (replicas > wanted) return progressing(`${replicas - wanted} old replicas are ending`);
  if (updated > usable) return progressing(`${usable} of ${updated} replicas available`);
  if (wanted > ready) return progressing(`${ready} of ${wanted} replicas ready`);
  if (!progressed) return progressing("its ReplicaSet is not available yet");
  if (!available) return progressing("it is not available yet");
  return HEALTHY;
}
