import type { ResourceType } from "../cluster/types.ts";

const ALL = ["create", "delete", "get", "list", "patch", "update", "watch"];

/** Kinds that every cluster serves, so that no discovery is needed for them. */
export const CONFIG_MAPS: ResourceType = core("ConfigMap", "configmaps", true);
export const NAMESPACES: ResourceType = core("Namespace", "namespaces", false);
export const PODS: ResourceType = core("Pod", "pods", true);
export const ENDPOINT_SLICES: ResourceType = {
  ...core("EndpointSlice", "endpointslices", true),
  group: "discovery.k8s.io",
};
export const REPLICA_SETS: ResourceType = { ...core("ReplicaSet", "replicasets", true), group: "apps" };

function core(kind: string, plural: string, namespaced: boolean): ResourceType {
  return { group: "", version: "v1", kind, plural, namespaced, verbs: ALL };
}
