import type { Problem } from "../../model/errors.ts";
import type { Parent } from "../inventory/parent.ts";

/** Who has the turn at a cluster, for those who wonder why nothing is done. */
export function holderProblem({ engine, commit, state }: Parent): Problem {
  const who = engine === "" ? "another engine" : `another engine (${engine})`;
  const does = state === "changing" ? "works on" : "has applied";
  const message = `${who} ${does} commit ${commit.slice(0, 12)}; this one watches`;
  return { code: "another-engine", message, severity: "warning" };
}
