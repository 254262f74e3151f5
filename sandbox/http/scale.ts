import type { Json, JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, numberAt } from "../store/parts.ts";

/** The `/scale` of a workload (autoscaling/v1 Scale). */
export function readScale(object: KubeObject): JsonObject {
  const { name, namespace = "", uid = "", resourceVersion = "", creationTimestamp = "" } = object.metadata;
  const labels = Object.entries(mapAt(object, "spec", "selector", "matchLabels")).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : ""}`,
  );
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, ["spec", "replicas"], 1) },
    status: { replicas: numberAt(object, ["status", "replicas"], 0), selector: labels.join(",") },
  };
}

/** What a write to `/scale` changes of the workload. */
export function scalePatch(scale: Json): JsonObject {
  return { spec: { replicas: numberAt(scale, ["spec", "replicas"], 0) } };
}
