import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../model/kube-object.ts";

/** The value at a path of keys; undefined where there is none. */
export function at(object: JsonObject, ...path: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const key of path) {
    if (!isJsonObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** The integer at a path, else `fallback`: what is no integer counts as missing, as in kstatus. */
export function integer(object: JsonObject, path: readonly string[], fallback: number): number {
  const value = at(object, ...path);
  return typeof value === "number" && Number.isInteger(value) ? value : fallback;
}

/** The string at a path; empty where there is none. */
export function text(object: JsonObject, ...path: readonly string[]): string {
  const value = at(object, ...path);
  return typeof value === "string" ? value : "";
}

/** The objects in the list at a path. */
export function objects(object: JsonObject, ...path: readonly string[]): JsonObject[] {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** `status.conditions`, in order. */
export function conditionsOf(object: KubeObject): Condition[] {
  return objects(object, "status", "conditions").map((condition) => ({
    type: text(condition, "type"),
    status: text(condition, "status"),
    reason: text(condition, "reason"),
    message: text(condition, "message"),
  }));
}

/** A condition's words for people. */
export function conditionWords({ type, status, reason, message }: Condition): string {
  const said = [reason, message].filter((part) => part !== "").join(": ");
  return said === "" ? `${type} is ${status}` : said;
}
