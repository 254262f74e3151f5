import type { KubeObject } from "../model/kube-object.ts";
import { integer } from "./fields.ts";
import { type Health, HEALTHY, progressing } from "./health.ts";

export function daemonSetHealth(object: KubeObject): Health {
  const seen =
    integer(object, ["metadata", "generation"], -1) !== -1 &&
    integer(object, ["status", "observedGeneration"], -1) !== -1;
  const desired = integer(object, ["status", "desiredNumberScheduled"], -1);
  if (!seen || desired === -1) return progressing("its controller has not seen it yet");
  for (const [field, word] of [
    ["currentNumberScheduled", "scheduled"],
    ["updatedNumberScheduled", "updated"],
    ["numberAvailable", "available"],
    ["numberReady", "ready"],
  ] as const) {
    const count = integer(object, ["status", field], 0);
    if (desired > count) return progressing(`${count} of ${desired} Pods ${word}`);
  }
  return HEALTHY;
}
