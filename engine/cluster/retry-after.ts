import { ApiError } from "./api-error.ts";

/** A server that names a longer time is asked again after this one all the same. Milliseconds. */
const LONGEST = 300_000;

/** For how long a server asked to be left alone, in milliseconds; 0 where it did not. */
export function retryAfter(error: unknown): number {
  if (!(error instanceof ApiError)) return 0;
  return Math.min(LONGEST, (error.retryAfterSeconds ?? 0) * 1000);
}
