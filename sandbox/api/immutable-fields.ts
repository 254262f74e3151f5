import { isDeepStrictEqual } from "node:util";
import type { Json, JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt } from "../store/parts.ts";
import type { FieldProblem } from "./status-error.ts";

const STATEFUL_SET_CHANGES = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];
const ROLE_BINDING = /^(Cluster)?RoleBinding$/;

/** What may not change any more once an object is there, by its kind. */
export function immutableProblems(object: KubeObject, before: KubeObject): FieldProblem[] {
  if (object.kind === "StatefulSet") {
    const fields = STATEFUL_SET_CHANGES.map((field) => `'${field}'`);
    const list = `${fields.slice(0, -1).join(", ")} and ${fields.at(-1) ?? ""}`;
    const why = `updates to statefulset spec for fields other than ${list} are forbidden`;
    const rest = (spec: JsonObject) => without(spec, STATEFUL_SET_CHANGES);
    return differs(rest(mapAt(before, "spec")), rest(mapAt(object, "spec")), "spec", why);
  }
  if (object.kind === "PersistentVolumeClaim") {
    const rest = (claim: KubeObject) => ({
      ...without(mapAt(claim, "spec"), ["volumeAttributesClassName", "volumeName"]),
      resources: without(mapAt(claim, "spec", "resources"), ["requests"]),
    });
    const why =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    return differs(rest(before), rest(object), "spec", why);
  }
  if (ROLE_BINDING.test(object.kind) && !isDeepStrictEqual(before.roleRef, object.roleRef)) {
    const shown = JSON.stringify(object.roleRef ?? null);
    return [{ field: "roleRef", message: `Invalid value: ${shown}: cannot change roleRef` }];
  }
  if ((object.kind === "ConfigMap" || object.kind === "Secret") && before.immutable === true) {
    return ["immutable", "data", "binaryData"].flatMap((field) =>
      differs(before[field], object[field], field, "field is immutable when `immutable` is set"),
    );
  }
  return [];
}

function without(map: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(map).filter(([field]) => !fields.includes(field)));
}

function differs(
  before: Json | undefined,
  after: Json | undefined,
  field: string,
  why: string,
): FieldProblem[] {
  if (isDeepStrictEqual(before, after)) return [];
  return [{ field, message: `Forbidden: ${why}`, reason: "FieldValueForbidden" }];
}
