import type { JsonObject } from "../../engine/model/kube-object.ts";

interface About {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field?: string }[];
  /** When the same request is worth another try. */
  readonly retryAfterSeconds?: number;
}

/** A refusal in the shape of the Kubernetes API (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly about: About;

  constructor(code: number, reason: string, message: string, about: About = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.about = about;
  }

  body(): JsonObject {
    const { group, kind, name, uid, causes, retryAfterSeconds } = this.about;
    const details = {
      name,
      group,
      kind,
      uid,
      causes: causes?.map((cause) => ({ ...cause })),
      retryAfterSeconds,
    };
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
      reason: this.reason,
      details: Object.fromEntries(
        Object.entries(details).filter(([, value]) => value !== undefined && value !== ""),
      ) as JsonObject,
      code: this.code,
    };
  }
}

interface Kind {
  readonly group: string;
  readonly plural: string;
}

function qualified({ group, plural }: Kind): string {
  return group === "" ? plural : `${plural}.${group}`;
}

export function notFound(kind: Kind, name: string): StatusError {
  return new StatusError(404, "NotFound", `${qualified(kind)} "${name}" not found`, {
    name,
    group: kind.group,
    kind: kind.plural,
  });
}

export function alreadyExists(kind: Kind, name: string): StatusError {
  const message = `${qualified(kind)} "${name}" already exists`;
  return new StatusError(409, "AlreadyExists", message, { name, group: kind.group, kind: kind.plural });
}

export function conflict(kind: Kind, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(kind)} "${name}": ${why}`;
  return new StatusError(409, "Conflict", message, { name, group: kind.group, kind: kind.plural });
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", message);
}

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
  readonly reason?: string;
}

export function invalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  problems: readonly FieldProblem[],
): StatusError {
  const causes = problems.map(({ field, message, reason }) => ({
    reason: reason ?? "FieldValueInvalid",
    message,
    field,
  }));
  const list = problems.map(({ field, message }) => `${field}: ${message}`);
  const text = list.length === 1 ? list[0] : `[${list.join(", ")}]`;
  const title = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  return new StatusError(422, "Invalid", `${title} "${name}" is invalid: ${text}`, {
    name,
    group: kind.group,
    kind: kind.kind,
    causes,
  });
}
