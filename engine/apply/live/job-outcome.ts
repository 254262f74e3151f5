import { isJsonObject, type KubeObject } from "../../model/kube-object.ts";
import type { JobOutcome } from "../inventory/model.ts";
import { asList, asMap } from "../json-parts.ts";

/** How a Job ended; undefined while it has not. */
export function jobOutcome(job: KubeObject): JobOutcome | undefined {
  const conditions = asList(asMap(job.status).conditions).filter(isJsonObject);
  const holds = (type: string): boolean => conditions.some((it) => it.type === type && it.status === "True");
  if (holds("Complete")) return "complete";
  return holds("Failed") ? "failed" : undefined;
}
