import type { KubeObject } from "../../../engine/model/kube-object.ts";
import { mapAt } from "../../store/parts.ts";
import type { FieldProblem } from "../status-error.ts";
import { tooLong, wrong } from "./problem.ts";

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const RBAC = /^(Cluster)?Role(Binding)?$/;
const NAMED_BY_LABEL = new Set(["Namespace", "Service"]);
const MOST_ANNOTATED = 262_144;

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const KEY_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** What is wrong with the name, labels and annotations of an object. */
export function metadataProblems(object: KubeObject): FieldProblem[] {
  const labels = Object.entries(mapAt(object, "metadata", "labels"));
  const annotations = Object.entries(mapAt(object, "metadata", "annotations"));
  const size = annotations.reduce(
    (sum, [key, value]) =>
      sum + Buffer.byteLength(key) + Buffer.byteLength(typeof value === "string" ? value : ""),
    0,
  );
  return [
    ...nameProblems(object),
    ...labels.flatMap(([key]) => keyProblems("metadata.labels", key)),
    ...labels.flatMap(([, value]) =>
      value === "" || (typeof value === "string" && value.length <= 63 && NAME_PART.test(value))
        ? []
        : [wrong("metadata.labels", value, VALUE_RULE)],
    ),
    ...annotations.flatMap(([key]) => keyProblems("metadata.annotations", key)),
    ...(size > MOST_ANNOTATED ? [tooLong("metadata.annotations", MOST_ANNOTATED)] : []),
  ];
}

/** What is wrong with a name that must be one label of DNS. */
export function labelNameProblems(field: string, name: string): FieldProblem[] {
  return name.length <= 63 && LABEL.test(name) ? [] : [wrong(field, name, LABEL_RULE)];
}

function nameProblems({ apiVersion, kind, metadata }: KubeObject): FieldProblem[] {
  const { name } = metadata;
  if (apiVersion === "v1" && NAMED_BY_LABEL.has(kind)) return labelNameProblems("metadata.name", name);
  if (RBAC.test(kind)) {
    const isSegment = name !== "." && name !== ".." && !/[/%]/.test(name);
    return isSegment ? [] : [wrong("metadata.name", name, "may not be '.' or '..', nor contain '/' or '%'")];
  }
  return name.length <= 253 && SUBDOMAIN.test(name) ? [] : [wrong("metadata.name", name, SUBDOMAIN_RULE)];
}

/** A key is a name of at most 63 characters, with the domain of who made it up before a slash or without. */
function keyProblems(field: string, key: string): FieldProblem[] {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? (parts[0] ?? "") : "a";
  const isKey =
    parts.length <= 2 &&
    name.length <= 63 &&
    NAME_PART.test(name) &&
    prefix.length <= 253 &&
    SUBDOMAIN.test(prefix.toLowerCase());
  return isKey ? [] : [wrong(field, key, KEY_RULE)];
}
