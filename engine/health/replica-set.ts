import type { KubeObject } from "../model/kube-object.ts";
import { conditionsOf, conditionWords, integer } from "./fields.ts";
import { type Health, HEALTHY, progressing } from "./health.ts";

export function replicaSetHealth(object: KubeObject): Health {
  const failure = conditionsOf(object).find(
    ({ type, status }) => type === "ReplicaFailure" && status === "True",
  );
  if (failure !== undefined) return progressing(conditionWords(failure));
  const wanted = integer(object, ["spec", "replicas"], 1);
  for (const [field, word] of [
    ["fullyLabeledReplicas", "labelled"],
    ["availableReplicas", "available"],
    ["readyReplicas", "ready"],
  ] as const) {
    const count = integer(object, ["status", field], 0);
    if (wanted > count) return progressing(`${count} of ${wanted} replicas ${word}`);
  }
  const replicas = integer(object, ["status", "replicas"], 0);
  return replicas > wanted ? progressing(`${replicas - wanted} replicas are ending`) : HEALTHY;
}
