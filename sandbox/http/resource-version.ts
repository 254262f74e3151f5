import { StatusError } from "../api/status-error.ts";

/** The `resourceVersion` of a list or watch; undefined for none and for `0`, "whatever there is". Throws where it is no number. */
export function parseResourceVersion(text: string): number | undefined {
  if (text === "" || text === "0") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const message = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  throw new StatusError(500, "", message);
}

/** Throws the 504 of a server that has not come so far. */
export function refuseFuture(asked: number | undefined, current: number): void {
  if (asked === undefined || asked <= current) return;
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  throw new StatusError(504, "Timeout", message, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

/** The refusal of what is no longer known: the client lists again. */
export function expired(message: string): StatusError {
  return new StatusError(410, "Expired", message);
}
