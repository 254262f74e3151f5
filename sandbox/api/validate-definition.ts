import { isJsonObject, type Json, type KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, textAt } from "../store/parts.ts";
import type { FieldProblem } from "./status-error.ts";

/** What a CustomResourceDefinition must have before anything can be served by it. */
export function definitionProblems(crd: KubeObject): FieldProblem[] {
  const spec = mapAt(crd, "spec");
  const [group, plural] = [textAt(spec, "group"), textAt(spec, "names", "plural")];
  const problems: FieldProblem[] = [];
  const require = (field: string, value: string) => {
    if (value === "") problems.push({ field, message: "Required value", reason: "FieldValueRequired" });
  };
  require("spec.group", group);
  require("spec.names.plural", plural);
  require("spec.names.kind", textAt(spec, "names", "kind"));
  if (!["Namespaced", "Cluster"].includes(textAt(spec, "scope"))) {
    const message = `Unsupported value: ${JSON.stringify(textAt(spec, "scope"))}: supported values: "Cluster", "Namespaced"`;
    problems.push({ field: "spec.scope", message, reason: "FieldValueNotSupported" });
  }
  const name = `${plural}.${group}`;
  if (crd.metadata.name !== name) {
    const message = `Invalid value: "${crd.metadata.name}": must be spec.names.plural+"."+spec.group`;
    problems.push({ field: "metadata.name", message });
  }
  return [...problems, ...versionProblems(spec.versions ?? [])];
}

function versionProblems(versions: Json): FieldProblem[] {
  const list = mapsAt(versions);
  const problems: FieldProblem[] = [];
  if (list.filter((version) => version.storage === true).length !== 1) {
    const message = "Invalid value: must have exactly one version marked as storage version";
    problems.push({ field: "spec.versions", message });
  }
  for (const [index, version] of list.entries()) {
    const field = `spec.versions[${index}]`;
    if (textAt(version, "name") === "")
      problems.push({ field: `${field}.name`, message: "Required value", reason: "FieldValueRequired" });
    if (!isJsonObject(mapAt(version, "schema").openAPIV3Schema ?? null)) {
      const message = "Required value: schemas are required";
      problems.push({ field: `${field}.schema.openAPIV3Schema`, message, reason: "FieldValueRequired" });
    }
  }
  return problems;
}
