import type { KubeObject } from "../../model/kube-object.ts";
import type { ObjectHealth } from "../../model/status.ts";
import { asList, asMap } from "../json-parts.ts";
import { isJsonObject } from "../../model/kube-object.ts";

export function assess(object: KubeObject): { health: ObjectHealth; message: string } {
  const status = asMap(object.status);
  const spec = asMap(object.spec);
  if (object.kind === "Deployment") {
    const want = typeof spec.replicas === "number" ? spec.replicas : 1;
    const ready = typeof status.readyReplicas === "number" ? status.readyReplicas : 0;
    const updated = typeof status.updatedReplicas === "number" ? status.updatedReplicas : 0;
    if (status.observedGeneration !== object.metadata.generation || ready < want || updated < want)
      return { health: "progressing", message: `${ready}/${want} ready` };
  }
  if (object.kind === "CustomResourceDefinition") {
    const ok = asList(status.conditions)
      .filter(isJsonObject)
      .some((c) => c.type === "Established" && c.status === "True");
    if (!ok) return { health: "progressing", message: "not established" };
  }
  if (object.kind === "Job") {
    const conds = asList(status.conditions).filter(isJsonObject);
    if (conds.some((c) => c.type === "Failed" && c.status === "True"))
      return { health: "failed", message: "failed" };
    if (!conds.some((c) => c.type === "Complete" && c.status === "True"))
      return { health: "progressing", message: "running" };
  }
  return { health: "healthy", message: "" };
}
