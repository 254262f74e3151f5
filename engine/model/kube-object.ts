/** What a JSON text can hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A Kubernetes object as it is in a manifest or in an API answer. */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectMeta extends JsonObject {
  readonly name: string;
}

/** Identity of an object: the version is not part of it. `group` is empty for the core group, `namespace` for cluster-scoped objects. */
export interface ObjectId {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The group and version of an `apiVersion`: `apps/v1` → `apps`, `v1`; `v1` → ``, `v1`. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return slash === -1
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** The identity of an object as written; a missing namespace is the empty string. */
export function objectIdOf(object: KubeObject): ObjectId {
  const namespace = object.metadata.namespace;
  return {
    group: parseApiVersion(object.apiVersion).group,
    kind: object.kind,
    namespace: typeof namespace === "string" ? namespace : "",
    name: object.metadata.name,
  };
}

/** A string that is equal exactly when two identities are (no part but an RBAC name, which comes last, may hold `/`). */
export function objectKey(id: ObjectId): string {
  return `${id.group}/${id.kind}/${id.namespace}/${id.name}`;
}

/** An identity for people: `Deployment hello-universe/web` or `Namespace hello`. */
export function describeId(id: ObjectId): string {
  const kind = id.group === "" ? id.kind : `${id.kind}.${id.group}`;
  return id.namespace === "" ? `${kind} ${id.name}` : `${kind} ${id.namespace}/${id.name}`;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
