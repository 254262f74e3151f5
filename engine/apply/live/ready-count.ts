import type { Json, KubeObject } from "../../model/kube-object.ts";
import { asMap } from "../json-parts.ts";

/** `2/3` replicas of a workload that counts them; empty for any other object. */
export function readyCount(object: KubeObject): string {
  const spec = asMap(object.spec);
  const status = asMap(object.status);
  switch (object.kind) {
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
      return `${count(status.readyReplicas, 0)}/${count(spec.replicas, 1)}`;
    case "DaemonSet":
      return `${count(status.numberReady, 0)}/${count(status.desiredNumberScheduled, 0)}`;
    case "Job":
      return `${count(status.succeeded, 0)}/${count(spec.completions, 1)}`;
    default:
      return "";
  }
}

function count(value: Json | undefined, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}
