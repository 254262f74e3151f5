import {
  isJsonObject,
  type KubeObject,
  objectIdOf,
  objectKey,
  parseApiVersion,
} from "../../model/kube-object.ts";
import { asMap } from "../json-parts.ts";

/** Keys of the objects that HorizontalPodAutoscalers among these scale. */
export function autoscaledKeys(objects: readonly KubeObject[]): ReadonlySet<string> {
  return new Set(objects.filter(isAutoscaler).flatMap(targetKey));
}

function isAutoscaler(object: KubeObject): boolean {
  const { group, kind } = objectIdOf(object);
  return group === "autoscaling" && kind === "HorizontalPodAutoscaler";
}

function targetKey(autoscaler: KubeObject): string[] {
  const { scaleTargetRef } = asMap(autoscaler.spec);
  if (!isJsonObject(scaleTargetRef)) return [];
  const { apiVersion, kind, name } = scaleTargetRef;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") return [];
  const namespace = objectIdOf(autoscaler).namespace || "default";
  return [objectKey({ group: parseApiVersion(apiVersion).group, kind, namespace, name })];
}
