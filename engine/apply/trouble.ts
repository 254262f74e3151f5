import { failureKind } from "../cluster/failure-kind.ts";
import { EngineError, type Problem } from "../model/errors.ts";

/** Why a sync as a whole cannot go on for now. */
export interface Trouble {
  readonly kind: "unreachable" | "passing" | "blocked";
  readonly problem: Problem;
}

/** What a failed pass means for its sync. `blocked`: someone must mend something; the others pass by themselves. */
export function troubleOf(error: unknown): Trouble {
  const problem: Problem =
    error instanceof EngineError
      ? error.toProblem()
      : {
          code: "internal",
          message: error instanceof Error ? error.message : String(error),
          severity: "error",
        };
  const kind = failureKind(error);
  if (kind === "unreachable") return { kind: "unreachable", problem };
  const passes = kind !== "wrong" || (error instanceof EngineError && error.retryable);
  return { kind: passes ? "passing" : "blocked", problem };
}
