import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import type { ObjectHealth } from "../../engine/model/status.ts";

export const NOW = new Date("2026-03-01T12:00:00Z");

/** A time so many seconds before `NOW`, as the API server writes it. */
export function secondsAgo(seconds: number): string {
  return new Date(NOW.getTime() - seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** An object of `apiVersion/Kind`, with generation 1 and what else is given. */
export function make(type: string, { metadata = {}, ...rest }: JsonObject = {}): KubeObject {
  const slash = type.lastIndexOf("/");
  const own = { name: "test", namespace: "ns", uid: "u", generation: 1, ...(metadata as JsonObject) };
  return { apiVersion: type.slice(0, slash), kind: type.slice(slash + 1), ...rest, metadata: own };
}

/** A condition by its type, status, reason and message. */
export function condition(type: string, status = "True", reason = "", message = ""): JsonObject {
  return { type, status, reason, message };
}

/** A status whose generation is seen, with these fields and conditions. */
export const status = (fields: JsonObject, ...conditions: JsonObject[]): JsonObject => ({
  status: { observedGeneration: 1, ...fields, ...(conditions.length > 0 ? { conditions } : {}) },
});

/** What it shows, type, the object without name and generation, its health, and a part of the message. */
export type Row = [string, string, JsonObject, ObjectHealth, string?];
