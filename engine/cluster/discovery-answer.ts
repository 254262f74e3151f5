import { isJsonObject, type JsonObject } from "../model/kube-object.ts";
import type { ResourceType } from "./types.ts";

/** One version of a group as discovery shows it. */
interface ServedVersion {
  readonly version: string;
  /** Why its list of kinds proves nothing; undefined where it is current. */
  readonly doubt?: string;
  readonly types: readonly ResourceType[];
}

/** One group; the preferred version first. */
export interface ServedGroup {
  readonly group: string;
  readonly versions: readonly ServedVersion[];
}

/** The groups in an aggregated answer (apidiscovery.k8s.io v2); undefined where the server gave another one. */
export function readAggregated(body: JsonObject): ServedGroup[] | undefined {
  if (body.kind !== "APIGroupDiscoveryList" || !Array.isArray(body.items)) return undefined;
  return objects(body.items).map((item) => {
    const group = isJsonObject(item.metadata) ? text(item.metadata, "name") : "";
    return { group, versions: objects(item.versions).map((version) => readVersion(group, version)) };
  });
}

function readVersion(group: string, item: JsonObject): ServedVersion {
  const version = text(item, "version");
  const types = objects(item.resources)
    .filter((resource) => isJsonObject(resource.responseKind))
    .map((resource) => ({
      group,
      version,
      kind: isJsonObject(resource.responseKind) ? text(resource.responseKind, "kind") : "",
      plural: text(resource, "resource"),
      namespaced: resource.scope === "Namespaced",
      verbs: strings(resource.verbs),
    }));
  const stale = item.freshness === "Stale";
  return {
    version,
    types,
    ...(stale ? { doubt: `the server has only stale data of ${group}/${version}` } : {}),
  };
}

/** A group in a plain answer, the preferred version first. */
export interface PlainGroup {
  readonly group: string;
  readonly versions: readonly string[];
}

/**
 * The group versions to ask for in a plain `/api` (`APIVersions`) or `/apis` (`APIGroupList`) answer; undefined for
 * anything else.
 */
export function readPlainGroups(body: JsonObject): PlainGroup[] | undefined {
  if (body.kind === "APIVersions") return [{ group: "", versions: strings(body.versions) }];
  if (body.kind !== "APIGroupList" || !Array.isArray(body.groups)) return undefined;
  return objects(body.groups).map((item) => {
    const preferred = isJsonObject(item.preferredVersion) ? text(item.preferredVersion, "version") : "";
    const versions = objects(item.versions).map((version) => text(version, "version"));
    return {
      group: text(item, "name"),
      versions: [...new Set([preferred, ...versions])].filter((v) => v !== ""),
    };
  });
}

/** The kinds in a plain `APIResourceList`, without subresources (`pods/log`); undefined for anything else. */
export function readPlainResources(
  group: string,
  version: string,
  body: JsonObject,
): ResourceType[] | undefined {
  if (body.kind !== "APIResourceList" || !Array.isArray(body.resources)) return undefined;
  return objects(body.resources)
    .filter((resource) => !text(resource, "name").includes("/"))
    .map((resource) => ({
      group,
      version,
      kind: text(resource, "kind"),
      plural: text(resource, "name"),
      namespaced: resource.namespaced === true,
      verbs: strings(resource.verbs),
    }));
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function text(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}
