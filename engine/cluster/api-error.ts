import { EngineError } from "../model/errors.ts";
import { isJsonObject } from "../model/kube-object.ts";
import { parseStatus } from "./api-status.ts";

/** One reason in an API server's refusal; `field` is a path such as `spec.selector`, empty where none is named. */
export interface ApiCause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

export interface ApiFailure {
  /** HTTP status. */
  readonly status: number;
  /** Of meta/v1 Status: `NotFound`, `Invalid`, `Conflict`…; empty where the answer was no Status. */
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly ApiCause[];
  /** What the Status is about, where it says so: a kind or its plural, and a name. */
  readonly about: { readonly kind: string; readonly name: string };
  readonly retryAfterSeconds?: number;
  readonly contentProblem?: ContentProblem;
  /** The object of the request, for people. */
  readonly object?: string;
}

/** What is wrong with the object itself, where the server says so with a 500 as if the fault were its own. */
export type ContentProblem = "undeclared-field" | "malformed";

const HINTS: Readonly<Record<number, string>> = {
  401: "the cluster refused the engine's credentials: check the user of this context in the kubeconfig",
  403: "give the engine's user the right to do this in the cluster (RBAC)",
};

/** An API server's refusal. `code` is `api-` and the HTTP status: `api-409`. */
export class ApiError extends EngineError {
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly ApiCause[];
  readonly about: { readonly kind: string; readonly name: string };
  readonly retryAfterSeconds: number | undefined;
  readonly contentProblem: ContentProblem | undefined;

  constructor(failure: ApiFailure) {
    const hint = failure.causes.some(isNamespaceEnding) ? undefined : HINTS[failure.status];
    super(`api-${failure.status}`, failure.message, {
      retryable: [409, 429].includes(failure.status) || (failure.status >= 500 && !failure.contentProblem),
      ...(failure.object === undefined ? {} : { object: failure.object }),
      ...(hint === undefined ? {} : { hint }),
    });
    this.name = "ApiError";
    this.status = failure.status;
    this.reason = failure.reason;
    this.causes = failure.causes;
    this.about = failure.about;
    this.retryAfterSeconds = failure.retryAfterSeconds;
    this.contentProblem = failure.contentProblem;
  }
}

/** Whether a cause says that the object's namespace is being deleted (the server answers 403 then). */
export function isNamespaceEnding(cause: ApiCause): boolean {
  return cause.reason === "NamespaceTerminating";
}

/** Whether an error says that the very object `name` is not there, and not that its kind or namespace is missing. */
export function isAbsent(error: unknown, name: string): boolean {
  return (
    error instanceof ApiError &&
    error.status === 404 &&
    error.reason === "NotFound" &&
    error.about.name === name
  );
}

export interface ApiAnswer {
  readonly status: number;
  /** The header, in seconds or as a date. */
  readonly retryAfter?: string | undefined;
  readonly body: string;
}

/**
 * The error that an answer with a status outside 200–299 stands for.
 * @param object the object of the request, for people
 * @param secret whether the request is about Secrets: then no text is passed on that may quote their data
 */
export function apiError(answer: ApiAnswer, object?: string, secret = false): ApiError {
  const status = parseStatus(answer.body);
  const message = status?.message || plainMessage(answer);
  const contentProblem = answer.status === 500 ? contentProblemIn(message) : undefined;
  const failure: ApiFailure = {
    status: answer.status,
    reason: status?.reason ?? "",
    message,
    causes: status?.causes ?? [],
    about: status?.about ?? { kind: "", name: "" },
    ...retryAfter(answer.retryAfter, status?.retryAfterSeconds),
    ...(contentProblem === undefined ? {} : { contentProblem }),
    ...(object === undefined ? {} : { object }),
  };
  return new ApiError(secret ? withoutData(failure) : failure);
}

/** The error in an `ERROR` event of a watch; it stands where an HTTP status would. */
export function eventError(status: unknown, object: string, secret: boolean): ApiError {
  const code = isJsonObject(status) && typeof status.code === "number" ? status.code : 500;
  return apiError({ status: code, body: JSON.stringify(status) ?? "" }, object, secret);
}

/** The words of kube-apiserver 1.36 for an object that does not fit its kind, of which it makes a 500. */
function contentProblemIn(message: string): ContentProblem | undefined {
  if (!/^failed to (create typed patch object|convert new object)/.test(message)) return undefined;
  if (message.includes("conversion webhook")) return undefined;
  return message.includes("field not declared in schema") ? "undeclared-field" : "malformed";
}

function plainMessage({ status, body }: ApiAnswer): string {
  const text = body
    .replaceAll(/<[^>]*>|\s+/g, " ")
    .trim()
    .slice(0, 200);
  return `the API server answered ${status}${text === "" ? "" : `: ${text}`}`;
}

function retryAfter(
  header: string | undefined,
  inStatus: number | undefined,
): { retryAfterSeconds?: number } {
  const seconds = header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : inStatus;
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
}

/** Answers of these reasons quote names only. */
const NAMES_ONLY = new Set(["NotFound", "AlreadyExists", "Conflict", "Unauthorized", "TooManyRequests"]);

/**
 * A refusal of a Secret without what may be its data: decoding errors quote the value that they stumble over
 * (`.data.password: expected string, got &value.valueUnstructured{Value:…}`), and so may webhooks.
 */
function withoutData(failure: ApiFailure): ApiFailure {
  const terminating = failure.causes.some(isNamespaceEnding);
  const forbidden = failure.status === 403 && /^\S+( "[^"]*")? is forbidden: User "/.test(failure.message);
  if (NAMES_ONLY.has(failure.reason) || terminating || forbidden) return failure;
  const fields = failure.causes.map((cause) => cause.field).filter((field) => field !== "");
  const named = /(?:^|[\s:])(\.?(?:data|stringData|type|metadata|immutable)(?:[.[][-.\w]+\]?)?)(?=:)/.exec(
    failure.message,
  )?.[1];
  const where = fields.length > 0 ? fields.join(", ") : (named ?? "");
  const immutable = failure.message.includes("field is immutable") ? "field is immutable" : "";
  const said = [failure.reason, where, immutable].filter((part) => part !== "").join(": ");
  return {
    ...failure,
    message: `the API server refused this Secret (${failure.status}${said === "" ? "" : ` ${said}`}); its words are left out, they may quote the Secret`,
    causes: failure.causes.map((cause) => ({ ...cause, message: "" })),
  };
}
