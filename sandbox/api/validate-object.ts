import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import type { ResourceDefinition } from "../store/types.ts";
import { schemaProblems } from "./custom-values.ts";
import { immutableProblems } from "./immutable-fields.ts";
import { type FieldProblem, invalid } from "./status-error.ts";
import { definitionProblems } from "./validate-definition.ts";
import { dataProblems } from "./validation/data.ts";
import { metadataProblems } from "./validation/metadata.ts";
import { podProblems } from "./validation/pods.ts";
import { serviceProblems } from "./validation/services.ts";

/** The mistakes that users meet most, refused as the API server does. Throws a 422, or a 400. */
export function validateObject(
  definition: ResourceDefinition,
  object: KubeObject,
  before: KubeObject | undefined,
): void {
  const problems = [
    ...metadataProblems(object),
    ...(definition.openApi === undefined ? kindProblems(object, before) : []),
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

function kindProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  if (object.kind === "Service") return serviceProblems(object, before);
  if (object.kind === "CustomResourceDefinition") return definitionProblems(object);
  if (object.kind === "ConfigMap" || object.kind === "Secret") return dataProblems(object, before);
  return podProblems(object, before);
}
