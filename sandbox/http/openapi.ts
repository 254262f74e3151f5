import type { JsonObject } from "../../engine/model/kube-object.ts";
import { groupVersion, type Registry } from "../api/registry.ts";
import type { ResourceDefinition } from "../store/types.ts";

/** The index of OpenAPI v3 documents. */
export function openApiIndex(registry: Registry): JsonObject {
  const versions = [...new Set(registry.all().map(groupVersion))];
  const paths = versions.map(
    (version) => [prefix(version), { serverRelativeURL: `/openapi/v3/${prefix(version)}` }] as const,
  );
  return { paths: Object.fromEntries(paths) };
}

/**
 * One group version: the operations that kubectl looks for before it trusts a server with field validation and
 * server-side apply. Undefined where nothing is served there.
 */
export function openApiDocument(registry: Registry, path: string): JsonObject | undefined {
  const kinds = registry.all().filter((one) => prefix(groupVersion(one)) === path);
  if (kinds.length === 0) return undefined;
  return {
    openapi: "3.0.0",
    info: { title: "Strata sandbox", version: "v1" },
    paths: Object.fromEntries(
      kinds.map((kind) => [`/${path}/${scope(kind)}${kind.plural}/{name}`, operations(kind)]),
    ),
    components: { schemas: {} },
  };
}

function prefix(version: string): string {
  return version.includes("/") ? `apis/${version}` : `api/${version}`;
}

function scope(kind: ResourceDefinition): string {
  return kind.namespaced ? "namespaces/{namespace}/" : "";
}

function operations(kind: ResourceDefinition): JsonObject {
  const names = ["dryRun", "fieldManager", "fieldValidation", "force"];
  const parameters = names.map((name) => ({
    name,
    in: "query",
    schema: { type: "string", uniqueItems: true },
  }));
  const operation = (action: string) => ({
    operationId: `${action}${kind.kind}`,
    parameters,
    responses: { "200": { description: "OK" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group: kind.group, version: kind.version, kind: kind.kind },
  });
  return {
    get: operation("get"),
    put: operation("put"),
    patch: operation("patch"),
    delete: operation("delete"),
  };
}
