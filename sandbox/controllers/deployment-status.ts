import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, numberAt, textAt } from "../store/parts.ts";
import { condition } from "./owned.ts";
import { minimumAvailable } from "./rollout.ts";

/** The status of a Deployment as its ReplicaSets are now. */
export function deploymentStatus(
  deployment: KubeObject,
  current: KubeObject | undefined,
  sets: readonly KubeObject[],
  now: Date,
): JsonObject {
  const wanted = numberAt(deployment, ["spec", "replicas"], 1);
  const sum = (field: string) => sets.reduce((total, set) => total + numberAt(set, ["status", field], 0), 0);
  const available = sum("availableReplicas");
  const counts = {
    replicas: sum("replicas"),
    updatedReplicas: current === undefined ? 0 : numberAt(current, ["status", "replicas"], 0),
    readyReplicas: sum("readyReplicas"),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available) || null,
  };
  const isDone =
    counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas >= wanted;
  return {
    observedGeneration: numberAt(deployment, ["metadata", "generation"], 1),
    ...counts,
    conditions: [
      availability(deployment, available >= minimumAvailable(deployment, wanted), now),
      progress(deployment, current, counts, isDone, now),
    ],
  };
}

function availability(deployment: KubeObject, isAvailable: boolean, now: Date): JsonObject {
  const [reason, verb] = isAvailable
    ? ["MinimumReplicasAvailable", "has"]
    : ["MinimumReplicasUnavailable", "does not have"];
  const message = `Deployment ${verb} minimum availability.`;
  return condition(deployment, "Available", isAvailable, reason, message, now);
}

function progress(
  deployment: KubeObject,
  current: KubeObject | undefined,
  counts: JsonObject,
  isDone: boolean,
  now: Date,
): JsonObject {
  const name = current?.metadata.name ?? "";
  const say = (status: boolean, reason: string, what: string) =>
    condition(deployment, "Progressing", status, reason, `ReplicaSet "${name}" ${what}.`, now);
  if (isDone) return say(true, "NewReplicaSetAvailable", "has successfully progressed");
  const before = mapAt(deployment, "status");
  const hasMoved = ["updatedReplicas", "readyReplicas", "availableReplicas"].some(
    (field) => numberAt(before, [field], 0) !== numberAt(counts, [field], 0),
  );
  const isSeen = before.observedGeneration === mapAt(deployment, "metadata").generation;
  const moving = say(true, "ReplicaSetUpdated", "is progressing");
  if (hasMoved || !isSeen) return { ...moving, lastUpdateTime: now.toISOString().replace(/\.\d+Z$/, "Z") };
  const isLate = now.getTime() >= progressDeadline(deployment);
  return isLate ? say(false, "ProgressDeadlineExceeded", "has timed out progressing") : moving;
}

/** When a rollout that does not get on is given up, in milliseconds of the epoch; never for one that is done. */
export function progressDeadline(deployment: KubeObject): number {
  const told = mapsAt(deployment, "status", "conditions").find((one) => one.type === "Progressing");
  if (told === undefined || told.reason === "NewReplicaSetAvailable") return Number.POSITIVE_INFINITY;
  if (told.status === "False") return 0;
  const seconds = numberAt(deployment, ["spec", "progressDeadlineSeconds"], 600);
  return Date.parse(textAt(told, "lastUpdateTime")) + seconds * 1000;
}
