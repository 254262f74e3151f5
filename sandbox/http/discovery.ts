import type { Json, JsonObject } from "../../engine/model/kube-object.ts";
import { groupVersion, type Registry } from "../api/registry.ts";
import type { ResourceDefinition } from "../store/types.ts";

const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Aggregated discovery (apidiscovery.k8s.io/v2) of `/api` or `/apis`. */
export function aggregated(registry: Registry, core: boolean): JsonObject {
  const groups = groupBy(
    registry.all().filter((one) => (one.group === "") === core),
    (one) => one.group,
  );
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: [...groups].map(([group, definitions]) => ({
      metadata: group === "" ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
      versions: [...groupBy(definitions, (one) => one.version)].map(([version, kinds]) => ({
        version,
        resources: kinds.map(aggregatedResource),
        freshness: "Current",
      })),
    })),
  };
}

function aggregatedResource(one: ResourceDefinition): JsonObject {
  const responseKind = { group: one.group, version: one.version, kind: one.kind };
  const subresources = one.subresources.map((subresource) => ({
    subresource,
    responseKind:
      subresource === "scale" ? { group: "autoscaling", version: "v1", kind: "Scale" } : responseKind,
    verbs: ["get", "patch", "update"],
  }));
  return {
    resource: one.plural,
    responseKind,
    scope: one.namespaced ? "Namespaced" : "Cluster",
    singularResource: one.singular,
    verbs: VERBS,
    ...(one.shortNames.length === 0 ? {} : { shortNames: one.shortNames }),
    ...(one.categories.length === 0 ? {} : { categories: one.categories }),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}

/** Plain discovery: what older clients ask. Undefined where nothing is served at the path. */
export function plain(registry: Registry, path: string, server: string): JsonObject | undefined {
  if (path === "/api") {
    const serverAddressByClientCIDRs = [{ clientCIDR: "0.0.0.0/0", serverAddress: server }];
    return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs };
  }
  const groups = groupBy(
    registry.all().filter((one) => one.group !== ""),
    (one) => one.group,
  );
  if (path === "/apis") {
    const list = [...groups].map(([group, kinds]) => describeGroup(group, kinds));
    return { kind: "APIGroupList", apiVersion: "v1", groups: list };
  }
  const [, , group = "", version] = path.split("/");
  if (path.startsWith("/apis/") && version === undefined) {
    const kinds = groups.get(group);
    return kinds === undefined
      ? undefined
      : { kind: "APIGroup", apiVersion: "v1", ...describeGroup(group, kinds) };
  }
  const wanted = path.replace(/^\/apis?\//, "");
  const kinds = registry.all().filter((one) => groupVersion(one) === wanted);
  if (kinds.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: wanted,
    resources: kinds.flatMap(plainResources),
  };
}

function describeGroup(name: string, kinds: readonly ResourceDefinition[]): JsonObject {
  const versions = [...new Set(kinds.map((kind) => kind.version))].map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] ?? null };
}

function plainResources(one: ResourceDefinition): Json[] {
  const { plural, singular, namespaced, kind, shortNames, categories } = one;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: VERBS,
    shortNames,
    categories,
  };
  const sub = one.subresources.map((name) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced,
    kind: name === "scale" ? "Scale" : kind,
    ...(name === "scale" ? { group: "autoscaling", version: "v1" } : {}),
    verbs: ["get", "patch", "update"],
  }));
  return [main, ...sub];
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
