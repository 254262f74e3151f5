import { isJsonObject, type JsonObject } from "../model/kube-object.ts";

/** `Status` (meta/v1), as far as it is used. */
export interface ApiStatus {
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly { readonly field: string; readonly reason: string; readonly message: string }[];
  readonly about: { readonly kind: string; readonly name: string };
  readonly retryAfterSeconds: number | undefined;
}

/** The Status in the body of an answer; undefined where it is none (a proxy's page, plain text). */
export function parseStatus(body: string): ApiStatus | undefined {
  const value = parseJson(body);
  if (!isJsonObject(value) || value.kind !== "Status") return undefined;
  const details = isJsonObject(value.details) ? value.details : {};
  const causes = Array.isArray(details.causes) ? details.causes.filter(isJsonObject) : [];
  const seconds = details.retryAfterSeconds;
  return {
    reason: text(value, "reason"),
    message: text(value, "message"),
    causes: causes.map((cause) => ({
      field: text(cause, "field"),
      reason: text(cause, "reason"),
      message: text(cause, "message"),
    })),
    about: { kind: text(details, "kind"), name: text(details, "name") },
    retryAfterSeconds: typeof seconds === "number" && seconds > 0 ? seconds : undefined,
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function text(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}
