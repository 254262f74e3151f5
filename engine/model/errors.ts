/** Where in a text or a cluster something is wrong. Lines and columns start at 1. */
export interface Place {
  /** Path in the repository, with `/`. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** A Kubernetes object, as `Deployment apps hello/web`, or a path in a document, as `spec.layers[0].name`. */
  readonly object?: string;
}

/** One thing that is wrong and what to do about it; the shape in which checks and syncs report many at once. */
export interface Problem extends Place {
  /** Stable, kebab-case, safe for scripts to compare. */
  readonly code: string;
  /** What is wrong, one sentence without the place. */
  readonly message: string;
  /** What to do next, often a command. */
  readonly hint?: string;
  readonly severity?: "error" | "warning";
}

export interface EngineErrorOptions extends Place {
  readonly hint?: string;
  readonly cause?: unknown;
  /** True where the same call may succeed later with nothing changed by the user. */
  readonly retryable?: boolean;
  /** All problems, where one failure has several. */
  readonly problems?: readonly Problem[];
  /** Machine-readable facts; never a secret value. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The one error type that crosses folders. `code` is stable; the message says what, the place where, the hint what next. */
export class EngineError extends Error {
  readonly code: string;
  readonly place: Place;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly problems: readonly Problem[];
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: EngineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "EngineError";
    this.code = code;
    const { file, line, column, object } = options;
    this.place = {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      ...(object === undefined ? {} : { object }),
    };
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.problems = options.problems ?? [];
    this.data = options.data ?? {};
  }

  /** This error as a problem, for lists that hold both. */
  toProblem(): Problem {
    return {
      code: this.code,
      message: this.message,
      ...this.place,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      severity: "error",
    };
  }
}

/** What is wrong in one line, with the object that it is about. */
export function describeProblem({ object, message }: Problem): string {
  return object === undefined ? message : `${object}: ${message}`;
}

/** `file:line:column object`, as far as known; empty where nothing is. */
export function formatPlace(place: Place): string {
  const position = [place.file, place.line, place.column].filter((part) => part !== undefined).join(":");
  return [position, place.object].filter((part) => part !== undefined && part !== "").join(" ");
}
