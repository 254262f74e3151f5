import { EngineError } from "../model/errors.ts";
import type { PlanInput } from "../plan/make-plan.ts";
import { describeEntry } from "./describe-entry.ts";

/** Throws `plan-invalid` where a plan leads to what cannot be rendered. */
export function refuseBroken({ profile, version, to, problems }: PlanInput): void {
  const [problem] = problems;
  if (problem === undefined) return;
  const what = describeEntry(profile, { version, revision: to.revision ?? undefined, tree: to.tree });
  throw new EngineError("plan-invalid", `${what} cannot be rendered: ${problem.message}`, {
    ...problem,
    problems,
  });
}
