import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  objectIdOf,
  objectKey,
} from "../../../engine/model/kube-object.ts";

/** The object without fields that are null: to an override they are absent. */
export function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, each]) => each !== null)
      .map(([name, each]) => [name, cleaned(each)]),
  );
}

function cleaned(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(cleaned);
  return isJsonObject(value) ? withoutNulls(value) : value;
}

/** The objects by identity, for comparisons that leave their order open. */
export function byIdentity(objects: readonly KubeObject[]): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(objects.map((object) => [objectKey(objectIdOf(object)), withoutNulls(object)]));
}
