import { type EngineError, formatPlace, type Problem } from "../../engine/model/errors.ts";
import { escapeControl } from "./escape-control.ts";
import type { Style } from "./style.ts";

/** One problem as lines: what, where, what to do. */
export function renderProblem(problem: Problem, style: Style): string {
  const severity = problem.severity ?? "error";
  const label = style(severity === "error" ? "red" : "yellow", `${severity}[${escapeControl(problem.code)}]`);
  const { file, column } = problem;
  const place = file === undefined && column !== undefined ? `column ${column}` : formatPlace(problem);
  const lines = [`${label}: ${indent(problem.message)}`];
  if (place !== "") lines.push(`  at ${indent(place)}`);
  if (problem.hint !== undefined) lines.push(`  hint: ${indent(problem.hint)}`);
  return `${lines.join("\n")}\n`;
}

/** An error, and the problems in it, as lines. */
export function renderError(error: EngineError, style: Style): string {
  const own = renderProblem(error.toProblem(), style);
  return own + error.problems.map((problem) => renderProblem(problem, style)).join("");
}

/** The same for programs: the data under `error`. */
export function errorData(error: EngineError): { readonly error: Readonly<Record<string, unknown>> } {
  const problems = error.problems.length === 0 ? {} : { problems: error.problems };
  const data = Object.keys(error.data).length === 0 ? {} : { data: error.data };
  const { severity: _severity, ...problem } = error.toProblem();
  return { error: { ...problem, ...problems, ...data } };
}

function indent(text: string): string {
  return escapeControl(text).replaceAll("\n", "\n    ");
}
