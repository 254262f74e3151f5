import { isJsonObject, type Json, type JsonObject, parseApiVersion } from "../model/kube-object.ts";

/** What is wrong with an object, and at which of its fields. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

/** Groups of which every kind asks for a DNS subdomain as name; RBAC and others also take `system:node` or `a b`. */
const SUBDOMAIN_GROUPS = new Set(["", "apps", "batch", "autoscaling", "policy"]);
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Fields with which `kubectl apply --server-side` of the same text fails, or fails the second time; tried on 1.36.3. */
const REFUSED_FIELDS: Readonly<Record<string, string>> = {
  managedFields: "metadata.managedFields must be nil",
  uid: "the server gives the uid, and refuses another one",
  resourceVersion: "it names one moment of the object: any later apply is a conflict",
  deletionTimestamp: "only the server sets it",
  deletionGracePeriodSeconds: "only the server sets it",
};

/** Everything that is wrong with one object of a manifest, whatever its kind is. */
export function checkManifest(object: JsonObject): Finding[] {
  const findings = ["apiVersion", "kind"].flatMap((field) => checkRequired(object, field));
  const { apiVersion, metadata } = object;
  if (typeof apiVersion === "string" && apiVersion.split("/").length > 2) {
    findings.push({ path: ["apiVersion"], message: `apiVersion "${apiVersion}" is not <group>/<version>` });
  }
  if (!isJsonObject(metadata)) {
    const what = metadata == null ? "missing" : "no mapping";
    return [
      ...findings,
      { path: ["metadata"], message: `metadata is ${what}`, hint: "write metadata: { name: … }" },
    ];
  }
  const group = typeof apiVersion === "string" ? parseApiVersion(apiVersion).group : undefined;
  return [
    ...findings,
    ...checkName(metadata, group),
    ...checkNamespace(metadata.namespace),
    ...checkStrings("labels", metadata.labels),
    ...checkStrings("annotations", metadata.annotations),
    ...checkServerFields(metadata),
  ];
}

function checkRequired(object: JsonObject, field: string): Finding[] {
  const value = object[field];
  if (typeof value === "string" && value !== "") return [];
  const empty = value == null || value === "";
  return [{ path: [field], message: empty ? `${field} is missing` : `${field} must be a string` }];
}

function checkName(metadata: JsonObject, group: string | undefined): Finding[] {
  const { name, generateName } = metadata;
  if (name == null || name === "") {
    if (generateName == null || generateName === "")
      return [{ path: ["metadata"], message: "metadata.name is missing" }];
    const message = "generateName cannot be applied: it would make another object each time";
    return [{ path: ["metadata", "generateName"], message, hint: "give the object a name" }];
  }
  const at = (message: string, hint?: string): Finding[] => [
    { path: ["metadata", "name"], message, ...(hint === undefined ? {} : { hint }) },
  ];
  if (typeof name !== "string")
    return at(`metadata.name must be a string, and this is ${JSON.stringify(name)}`, "write it in quotes");
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  if (name === "." || name === ".." || /[/%]/.test(name))
    return at(`metadata.name "${shown}" may not be "." or "..", nor hold "/" or "%"`);
  if (group === "rbac.authorization.k8s.io") return [];
  if (name.length > 253) return at(`metadata.name "${shown}" has more than 253 characters`);
  if (group === undefined || !SUBDOMAIN_GROUPS.has(group) || SUBDOMAIN.test(name)) return [];
  return at(
    `metadata.name "${shown}" may hold only a-z, 0-9, "-" and ".", and must begin and end with a letter or digit`,
  );
}

function checkNamespace(namespace: Json | undefined): Finding[] {
  if (namespace == null || namespace === "") return [];
  const path = ["metadata", "namespace"];
  if (typeof namespace !== "string") {
    return [
      {
        path,
        message: `metadata.namespace must be a string, and this is ${JSON.stringify(namespace)}`,
        hint: "write it in quotes",
      },
    ];
  }
  if (LABEL.test(namespace)) return [];
  return [
    { path, message: `"${namespace.slice(0, 64)}" cannot name a namespace: at most 63 of a-z, 0-9 and "-"` },
  ];
}

function checkStrings(field: string, map: Json | undefined): Finding[] {
  if (map == null) return [];
  const path = ["metadata", field];
  if (!isJsonObject(map)) return [{ path, message: `metadata.${field} must be a mapping` }];
  return Object.entries(map).flatMap(([key, value]) => {
    if (value === null || typeof value === "string") return [];
    const shown = typeof value === "object" ? "a collection" : String(value);
    return [
      {
        path: [...path, key],
        message: `"${key}" in metadata.${field} must be a string, and this is ${shown}`,
        hint: "write it in quotes",
      },
    ];
  });
}

function checkServerFields(metadata: JsonObject): Finding[] {
  return Object.entries(REFUSED_FIELDS).flatMap(([field, why]) => {
    const value = metadata[field];
    if (value == null || value === "") return [];
    return [
      {
        path: ["metadata", field],
        message: `metadata.${field} cannot be applied: ${why}`,
        hint: "remove it",
      },
    ];
  });
}
