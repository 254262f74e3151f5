import type { OverrideFate } from "../plan/describe-merge.ts";

/** What a commit does to one profile of one cluster, for people. */
export interface Outcome {
  readonly cluster: string;
  readonly profile: string;
  /** `app@1.1.0 revision 1 (before: app@1.0.0 revision 2)` */
  readonly title: string;
  readonly overrides: readonly OverrideFate[];
}

export interface ShownOutcome extends Outcome {
  /** What became of the overrides, those first that ask for a decision. */
  readonly lines: readonly string[];
}

/** So many lines tell what a commit does, and so many of them are of one profile of one cluster among others. */
const MOST = { lines: 200, overrides: 20 };

/** What asks for a decision comes first. */
const ORDER: readonly OverrideFate["state"][] = [
  "unread",
  "orphaned",
  "gone",
  "dropped",
  "conflict",
  "changed",
  "returned",
  "redundant",
  "kept",
];

/** As many outcomes as people read, what asks for a decision first, and one line for the rest where there is one. */
export function boundOutcomes(outcomes: readonly Outcome[]): {
  readonly shown: readonly ShownOutcome[];
  readonly rest: string | undefined;
} {
  const most = outcomes.length === 1 ? MOST.lines : MOST.overrides;
  const sorted = outcomes.toSorted((a, b) => rankOf(a.overrides) - rankOf(b.overrides));
  const shown: ShownOutcome[] = [];
  let lines = 0;
  for (const outcome of sorted) {
    const one = { ...outcome, lines: linesOf(outcome.overrides, most) };
    lines += one.lines.length + 1;
    if (lines > MOST.lines && shown.length > 0) break;
    shown.push(one);
  }
  const rest = sorted.slice(shown.length);
  if (rest.length === 0) return { shown, rest: undefined };
  const overrides = count(rest.flatMap((one) => one.overrides));
  return {
    shown,
    rest: `and ${rest.length} more, as the commit shows${overrides === "" ? "" : ` (overrides: ${overrides})`}`,
  };
}

/** The same as lines of a commit's message. */
export function outcomeLines(outcomes: readonly Outcome[]): string[] {
  const { shown, rest } = boundOutcomes(outcomes);
  return [
    ...shown.flatMap(({ cluster, title, lines }) => [
      `${cluster}: ${title}`,
      ...lines.map((line) => `  ${line}`),
    ]),
    ...(rest === undefined ? [] : [rest]),
  ].map(plainLine);
}

function linesOf(overrides: readonly OverrideFate[], most: number): string[] {
  const sorted = overrides.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const lines = sorted
    .slice(0, most)
    .flatMap(({ text, hint }) => [text, ...(hint === undefined ? [] : [`  ${hint}`])]);
  const rest = sorted.slice(most);
  return rest.length === 0 ? lines : [...lines, `and ${rest.length} more overrides (${count(rest)})`];
}

function rankOf(overrides: readonly OverrideFate[]): number {
  return Math.min(ORDER.length, ...overrides.map(({ state }) => ORDER.indexOf(state)));
}

function count(overrides: readonly OverrideFate[]): string {
  return ORDER.flatMap((state) => {
    const number = overrides.filter((one) => one.state === state).length;
    return number === 0 ? [] : [`${number} ${state}`];
  }).join(", ");
}

/** Names in a repository may hold anything: in a commit's message they move no terminal, and make no line of their own. */
export function plainLine(line: string): string {
  return line.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd");
}
