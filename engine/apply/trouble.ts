import { failureKind } from "../cluster/failure-kind.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import type { Trouble } from "./cluster-live.ts";

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
