/** What a path of the Kubernetes API asks for (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris). */
export interface RequestInfo {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Undefined where the path names none: all namespaces, or a cluster-scoped kind. */
  readonly namespace: string | undefined;
  /** Empty for a collection. */
  readonly name: string;
  readonly subresource: string;
}

/** Reads `/api/v1/…` and `/apis/<group>/<version>/…`; undefined for paths of another shape. */
export function parsePath(path: string): RequestInfo | undefined {
  const parts = path
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const core = parts[0] === "api";
  if (!core && parts[0] !== "apis") return undefined;
  const [group = "", version = ""] = core ? ["", parts[1]] : [parts[1], parts[2]];
  const rest = parts.slice(core ? 2 : 3);
  if (version === "" || rest.length === 0) return undefined;
  // `/namespaces/<name>` and its subresources are the Namespace itself; anything longer is in it.
  const nested =
    rest[0] === "namespaces" && rest.length > 2 && !["status", "finalize"].includes(rest[2] ?? "");
  const [plural = "", name = "", subresource = ""] = nested ? rest.slice(2) : rest;
  return { group, version, plural, namespace: nested ? rest[1] : undefined, name, subresource };
}
