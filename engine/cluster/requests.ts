import { setTimeout as delay } from "node:timers/promises";
import { type ApiError, apiError } from "./api-error.ts";
import type { ApiRequest, RawAnswer, Transport } from "./transport.ts";

/** What a request is about, for its errors. */
export interface Subject {
  /** For people: `Deployment.apps hello/web`. */
  readonly object: string;
  /** The request carries or reads Secrets. */
  readonly secret: boolean;
}

const READ_ATTEMPTS = 4;
const LONGEST_WAIT_SECONDS = 10;

/**
 * An answer with a status of 200–299.
 * @throws ApiError for any other status
 */
export async function call(
  transport: Transport,
  request: ApiRequest,
  subject: Subject,
  signal: AbortSignal,
): Promise<RawAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await transport.send(request, signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    const error = errorOf(answer, subject);
    const wait = request.method === "GET" && attempt < READ_ATTEMPTS ? pauseFor(error) : undefined;
    if (wait === undefined) throw error;
    await delay(wait * 1000, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  }
}

/** The error that an answer stands for. */
export function errorOf(answer: Pick<RawAnswer, "status" | "headers" | "body">, subject: Subject): ApiError {
  const header = answer.headers["retry-after"];
  const retryAfter = typeof header === "string" ? header : undefined;
  return apiError({ status: answer.status, retryAfter, body: answer.body }, subject.object, subject.secret);
}

/** Seconds to wait before a read is tried again; undefined where the server did not ask for that. */
function pauseFor(error: ApiError): number | undefined {
  if (error.status !== 429 && error.status !== 503) return undefined;
  const seconds = error.retryAfterSeconds;
  return seconds === undefined ? undefined : Math.min(seconds, LONGEST_WAIT_SECONDS);
}
