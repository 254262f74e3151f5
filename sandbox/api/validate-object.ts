import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject, type KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, textAt } from "../store/parts.ts";
import type { ResourceDefinition } from "../store/types.ts";
import { schemaProblems } from "./custom-values.ts";
import { immutableProblems } from "./immutable-fields.ts";
import { type FieldProblem, invalid } from "./status-error.ts";
import { definitionProblems } from "./validate-definition.ts";

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const RBAC = /^(Cluster)?Role(Binding)?$/;
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

/** The mistakes that users meet most, refused as the API server does. Throws a 422. */
export function validateObject(
  definition: ResourceDefinition,
  object: KubeObject,
  before: KubeObject | undefined,
): void {
  const problems = [
    ...metadataProblems(object),
    ...countProblems(object),
    ...kindProblems(object, before),
    ...customProblems(definition, object, before),
    ...(before === undefined ? [] : immutableProblems(object, before)),
  ];
  if (problems.length > 0) throw invalid(definition, object.metadata.name, problems);
}

/** What was stored before its schema became stricter may stay, so that finalizers can go. */
function customProblems(
  { openApi }: ResourceDefinition,
  object: KubeObject,
  before: KubeObject | undefined,
): FieldProblem[] {
  if (openApi === undefined) return [];
  const content = ({ metadata: _metadata, apiVersion: _version, ...rest }: KubeObject) => rest;
  if (before !== undefined && isDeepStrictEqual(content(before), content(object))) return [];
  return schemaProblems(object, openApi, "");
}

function metadataProblems(object: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { name } = object.metadata;
  if (!RBAC.test(object.kind) && (name.length > 253 || !SUBDOMAIN.test(name))) {
    problems.push({ field: "metadata.name", message: `Invalid value: "${name}": ${SUBDOMAIN_RULE}` });
  }
  for (const [key, value] of Object.entries(mapAt(object, "metadata", "labels"))) {
    if (typeof value === "string" && (value.length > 63 || !LABEL_VALUE.test(value))) {
      problems.push({
        field: "metadata.labels",
        message: `Invalid value: "${value}": of label ${key}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'`,
      });
    }
  }
  return problems;
}

const MOST_PODS = 1000;

/** A sandbox lives inside of the engine: its Pods have bounds that a real cluster has by its nodes. */
function countProblems(object: KubeObject): FieldProblem[] {
  return ["replicas", "completions", "parallelism"].flatMap((name) => {
    const count =
      SELECTED.has(object.kind) || object.kind === "Job" ? mapAt(object, "spec")[name] : undefined;
    if (
      count === undefined ||
      (typeof count === "number" && Number.isInteger(count) && count >= 0 && count <= MOST_PODS)
    )
      return [];
    const rule = `must be a whole number from 0 to ${MOST_PODS}, the most that a sandbox runs`;
    return [{ field: `spec.${name}`, message: `Invalid value: ${JSON.stringify(count)}: ${rule}` }];
  });
}

const SELECTED = new Set(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"]);

function kindProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  if (SELECTED.has(object.kind)) return selectorProblems(object, before);
  if (object.kind === "Job")
    return [
      ...immutable(object, before, ["spec", "template"]),
      ...containerProblems(mapAt(object, "spec", "template", "spec"), "spec.template.spec"),
    ];
  if (object.kind === "Pod") return containerProblems(mapAt(object, "spec"), "spec");
  if (object.kind === "Service") return serviceProblems(object, before);
  if (object.kind === "CustomResourceDefinition") return definitionProblems(object);
  if (object.kind === "ConfigMap") return textProblems(object, "data");
  if (object.kind === "Secret")
    return [
      ...textProblems(object, "data"),
      ...base64Problems(object),
      ...immutable(object, before, ["type"]),
    ];
  return [];
}

function selectorProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const spec = mapAt(object, "spec");
  const wanted = Object.entries(mapAt(spec, "selector", "matchLabels"));
  const labels = mapAt(spec, "template", "metadata", "labels");
  const problems = [...immutable(object, before, ["spec", "selector"])];
  if (wanted.length === 0 && mapsAt(spec, "selector", "matchExpressions").length === 0) {
    problems.push({ field: "spec.selector", message: "Required value", reason: "FieldValueRequired" });
  }
  if (wanted.some(([key, value]) => labels[key] !== value)) {
    problems.push({
      field: "spec.template.metadata.labels",
      message: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
    });
  }
  return [...problems, ...containerProblems(mapAt(spec, "template", "spec"), "spec.template.spec")];
}

function immutable(
  object: KubeObject,
  before: KubeObject | undefined,
  path: readonly string[],
): FieldProblem[] {
  if (before === undefined) return [];
  const last = path.at(-1) ?? "";
  const [old, now] = [before, object].map((one) => mapAt(one, ...path.slice(0, -1))[last]);
  if (isDeepStrictEqual(old, now)) return [];
  return [{ field: path.join("."), message: "Invalid value: field is immutable" }];
}

function containerProblems(spec: JsonObject, path: string): FieldProblem[] {
  const containers = mapsAt(spec, "containers");
  if (containers.length === 0)
    return [{ field: `${path}.containers`, message: "Required value", reason: "FieldValueRequired" }];
  return containers.flatMap((container, index) =>
    ["name", "image"].flatMap((field) =>
      textAt(container, field) === ""
        ? [
            {
              field: `${path}.containers[${index}].${field}`,
              message: "Required value",
              reason: "FieldValueRequired",
            },
          ]
        : [],
    ),
  );
}

function serviceProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const ports = mapsAt(object, "spec", "ports");
  const problems =
    before !== undefined &&
    textAt(object, "spec", "type") !== "ExternalName" &&
    textAt(before, "spec", "clusterIP") !== ""
      ? immutable(object, before, ["spec", "clusterIP"])
      : [];
  for (const [index, port] of ports.entries()) {
    const number = port.port;
    if (typeof number !== "number" || !Number.isInteger(number) || number < 1 || number > 65_535) {
      problems.push({
        field: `spec.ports[${index}].port`,
        message: `Invalid value: ${JSON.stringify(number ?? null)}: must be between 1 and 65535, inclusive`,
      });
    }
    if (ports.length > 1 && textAt(port, "name") === "") {
      problems.push({
        field: `spec.ports[${index}].name`,
        message: "Required value",
        reason: "FieldValueRequired",
      });
    }
  }
  return problems;
}

function textProblems(object: KubeObject, field: string): FieldProblem[] {
  const values = Object.entries(isJsonObject(object[field]) ? object[field] : {});
  return values.flatMap(([key, value]) =>
    typeof value === "string"
      ? []
      : [{ field: `${field}[${key}]`, message: "Invalid value: must be a string" }],
  );
}

function base64Problems(object: KubeObject): FieldProblem[] {
  return Object.entries(mapAt(object, "data")).flatMap(([key, value]) =>
    typeof value === "string" && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)
      ? [{ field: `data[${key}]`, message: "Invalid value: must be base64" }]
      : [],
  );
}
