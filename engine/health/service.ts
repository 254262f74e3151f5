import type { KubeObject } from "../model/kube-object.ts";
import { text } from "./fields.ts";
import { type Health, HEALTHY, progressing } from "./health.ts";

/** A LoadBalancer waits for its cluster IP alone: where nothing assigns outer addresses, it would wait for ever. */
export function serviceHealth(object: KubeObject): Health {
  const waits = text(object, "spec", "type") === "LoadBalancer" && text(object, "spec", "clusterIP") === "";
  return waits ? progressing("it has no cluster IP yet") : HEALTHY;
}
