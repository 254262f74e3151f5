import type { Problem } from "../engine/model/errors.ts";
import type { ClusterView } from "../engine/model/view.ts";

/** So many reasons are told. */
const MOST = 20;

/** Why clusters are not settled: what holds each up, with its name; of very many the first. */
export function unsettled(views: readonly ClusterView[]): readonly Problem[] {
  const problems = views.filter(({ health }) => health !== "healthy").flatMap(reasons);
  const rest = problems.length - MOST;
  if (rest <= 0) return problems;
  const more: Problem = { code: "not-settled", message: `and ${rest} more reasons`, severity: "warning" };
  return [...problems.slice(0, MOST), more];
}

function reasons({ name, health, message, blockedBy }: ClusterView): readonly Problem[] {
  if (blockedBy.length > 0)
    return blockedBy.map((problem) => ({ ...problem, message: `${name}: ${problem.message}` }));
  const text = `${name} is ${health}${message === "" ? "" : `: ${message}`}`;
  return [{ code: "not-settled", message: text, severity: "warning" }];
}
