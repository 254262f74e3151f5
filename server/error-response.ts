import type { ErrorRequestHandler } from "express";
import type { ErrorBody } from "../api/schemas.ts";
import { EngineError } from "../engine/model/errors.ts";
import type { ServerLog } from "./log.ts";

const STATUS: Readonly<Record<string, number>> = {
  unauthorized: 401,
  "host-refused": 421,
  "route-unknown": 404,
  "request-invalid": 400,
  "request-too-large": 413,
  "filter-invalid": 400,
  "ref-race": 409,
  "change-conflict": 409,
  "engine-not-ready": 503,
  "engine-stopping": 503,
  "cluster-unreachable": 502,
  "remote-unreachable": 502,
  "remote-access-denied": 502,
  "remote-untrusted": 502,
};

/** The HTTP status of an error by its code. */
function statusOf(code: string): number {
  return STATUS[code] ?? (code.endsWith("-unknown") ? 404 : 500);
}

/** An error as the body of an answer. */
function errorBody(error: EngineError): ErrorBody {
  const { severity: _severity, ...problem } = error.toProblem();
  return {
    error: {
      ...problem,
      ...(error.problems.length === 0 ? {} : { problems: [...error.problems] }),
      ...(Object.keys(error.data).length === 0 ? {} : { data: { ...error.data } }),
    },
  };
}

/** The last handler: every failure becomes JSON; what is no `EngineError` is logged and told to nobody. */
export function answerErrors(log: ServerLog): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    if (request.socket.destroyed) return;
    const error = nameError(thrown);
    if (error === undefined) log.error({ err: thrown, route: request.path }, "a request failed");
    const answer = error ?? new EngineError("internal", "the engine failed; its log says why");
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (answer.code === "unauthorized") response.set("www-authenticate", 'Bearer realm="strata"');
    response.status(statusOf(answer.code)).json(errorBody(answer));
  };
}

function nameError(thrown: unknown): EngineError | undefined {
  if (thrown instanceof EngineError) return thrown;
  // Express and express.json throw errors with the status that they stand for.
  if (!(thrown instanceof Error) || !("status" in thrown)) return undefined;
  if (typeof thrown.status !== "number" || thrown.status < 400 || thrown.status >= 500) return undefined;
  if (thrown.status === 413) return new EngineError("request-too-large", "the request is too large");
  if (thrown instanceof URIError)
    return new EngineError("request-invalid", "the request's path cannot be decoded");
  return new EngineError("request-invalid", "the request's body cannot be read as JSON");
}
