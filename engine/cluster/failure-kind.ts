import { EngineError } from "../model/errors.ts";
import { ApiError, isNamespaceEnding } from "./api-error.ts";
import type { FailureKind } from "./types.ts";

/** What the caller knows of the object that the request was about. */
export interface FailureContext {
  /** Its kind is defined by a CRD that this sync applied: the server may not have caught up with it yet. */
  readonly ownDefinition?: boolean;
}

/**
 * What a failed request means for a sync (kubernetes.md, *Order, and not yet*).
 * @param error whatever was thrown; anything but an ApiError or `cluster-unreachable` counts as wrong
 */
export function failureKind(error: unknown, context: FailureContext = {}): FailureKind {
  if (!(error instanceof ApiError)) {
    return error instanceof EngineError && error.code === "cluster-unreachable" ? "unreachable" : "wrong";
  }
  if (error.status === 401) return "unreachable";
  if (error.status === 409) return "conflict";
  if (error.causes.some(isNamespaceEnding)) return "not-yet";
  if (context.ownDefinition === true && isBehindDefinition(error)) return "not-yet";
  if (error.contentProblem !== undefined) return "wrong";
  return error.status === 429 || error.status >= 500 ? "not-yet" : "wrong";
}

/** The kind is not served yet, or a field not known yet. */
function isBehindDefinition(error: ApiError): boolean {
  if (error.status === 404) return error.about.name === "";
  return error.contentProblem === "undeclared-field" || error.message.includes('unknown field "');
}
