import { type EngineError, formatPlace, type Problem } from "../../engine/model/errors.ts";
import { escapeControl } from "./escape-control.ts";
import type { Style } from "./style.ts";

/** One problem as lines: what, where, what to do. */
export function renderProblem(problem: Problem, style: Style): string {
  const severity = problem.severity ?? "error";
  const label = style(severity === "error" ? "red" : "yellow", `${severity}[${escapeControl(problem.code)}]`);
  const place = problem.file === undefined ? placeInText(problem) : formatPlace(problem);
  const lines = [`${label}: ${indent(problem.message)}`];
  if (place !== "") lines.push(`  at ${indent(place)}`);
  if (problem.hint !== undefined) lines.push(`  hint: ${indent(problem.hint)}`);
  return `${lines.join("\n")}\n`;
}

/** Where in a text that is no file: what the user typed. */
function placeInText({ line, column, object }: Problem): string {
  const position = [line === undefined ? "" : `line ${line}`, column === undefined ? "" : `column ${column}`];
  return [...position, object ?? ""].filter((part) => part !== "").join(" ");
}

/** An error, and the problems in it that it does not say itself, as lines. */
export function renderError(error: EngineError, style: Style): string {
  const own = renderProblem(error.toProblem(), style);
  const others = error.problems.filter((problem) => !saysAll(error, problem));
  return own + others.map((problem) => renderProblem(problem, style)).join("");
}

function saysAll({ message, place }: EngineError, problem: Problem): boolean {
  return message.endsWith(problem.message) && formatPlace(place) === formatPlace(problem);
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
