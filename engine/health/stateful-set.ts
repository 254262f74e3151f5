import type { KubeObject } from "../model/kube-object.ts";
import { integer, text } from "./fields.ts";
import { type Health, HEALTHY, progressing } from "./health.ts";

export function statefulSetHealth(object: KubeObject): Health {
  if (text(object, "spec", "updateStrategy", "type") === "OnDelete") return HEALTHY;
  const wanted = integer(object, ["spec", "replicas"], 1);
  const replicas = integer(object, ["status", "replicas"], 0);
  const ready = integer(object, ["status", "readyReplicas"], 0);
  const current = integer(object, ["status", "currentReplicas"], 0);
  const updated = integer(object, ["status", "updatedReplicas"], 0);
  const partition = integer(object, ["spec", "updateStrategy", "rollingUpdate", "partition"], -1);

  if (wanted > replicas) return progressing(`${replicas} of ${wanted} replicas`);
  if (wanted > ready) return progressing(`${ready} of ${wanted} replicas ready`);
  if (replicas > wanted) return progressing(`${replicas - wanted} replicas are ending`);
  if (partition !== -1) {
    const due = wanted - partition;
    return updated < due ? progressing(`${updated} of ${due} replicas updated`) : HEALTHY;
  }
  if (wanted > current) return progressing(`${current} of ${wanted} replicas current`);
  if (text(object, "status", "currentRevision") !== text(object, "status", "updateRevision")) {
    return progressing("its replicas are not all at the new revision");
  }
  return HEALTHY;
}
