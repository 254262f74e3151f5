import type { PlanLayer, PlanOverride, PlanView } from "../../engine/model/plan.ts";
import { showValue } from "../../engine/model/show-value.ts";
import { escapeControl, escapeLine } from "./escape-control.ts";
import type { Printer } from "./printer.ts";
import { renderProblem } from "./problem-text.ts";
import { compareLines, type ComparedLine, hunksOf } from "./side-by-side.ts";
import type { Style } from "./style.ts";
import type { Column } from "./table.ts";
import { padEnd, truncate } from "./text-width.ts";

export type DiffStyle = "none" | "unified" | "side-by-side";

interface ChangeRow {
  readonly layer: string;
  readonly object: string;
  readonly what: string;
}

const CHANGES: readonly Column<ChangeRow>[] = [
  { title: "LAYER", value: (row) => row.layer, entry: "above" },
  { title: "OBJECT", value: (row) => row.object, entry: "above" },
  { title: "CHANGE OF THE PROFILE", value: (row) => row.what },
];

const OVERRIDES: readonly Column<PlanOverride>[] = [
  { title: "OVERRIDE", value: (row) => row.state, state: true },
  { title: "OBJECT", value: (row) => row.object, entry: "above" },
  { title: "PATH", value: (row) => row.path },
  { title: "THIS CLUSTER", value: (row) => showValue(row.value), entry: "own" },
  {
    title: "PROFILE",
    entry: "own",
    value: (row) => {
      const [before, after] = [showValue(row.before), showValue(row.after)];
      return before === after ? after : `${before} → ${after}`;
    },
  },
];

/** A pending update for people: what changes, what becomes of overrides, what happens in the cluster, the texts. */
export function renderUpdate(plan: PlanView, printer: Printer, diff: DiffStyle, width: number): string {
  const { style } = printer;
  const parts = [`${style("bold", describeStep(plan))}  plan ${style("yellow", plan.plan)}\n`];
  const changes = plan.layers.flatMap((layer) =>
    layer.changes.map((change) => ({ layer: layer.name, object: change.object, what: describe(change) })),
  );
  if (changes.length > 0) parts.push(`\n${printer.whole(CHANGES, changes)}`);
  const overrides = plan.layers.flatMap((layer) => layer.overrides);
  if (overrides.length > 0) parts.push(`\n${printer.whole(OVERRIDES, overrides)}`);
  if (plan.problems.length === 0) parts.push(`\n${renderEffects(plan, style)}`);
  if (plan.massDeletion !== undefined) {
    const { deletes, of } = plan.massDeletion;
    const text = `It is a mass deletion: ${deletes} of the cluster's ${of} objects go; confirming it approves that\n`;
    parts.push(style("red", text));
  } else parts.push(style("red", "It cannot be rendered, and so not be confirmed:\n"));
  if (diff !== "none")
    for (const layer of plan.layers) parts.push(renderLayerDiff(layer, diff, style, width));
  parts.push(...plan.problems.map((problem) => `\n${renderProblem(problem, style)}`));
  return parts.join("");
}

function describeStep({ profile, fromVersion, version, from, to }: PlanView): string {
  const before = `${profile}@${fromVersion} revision ${from ?? "?"}`;
  return `${before} → ${fromVersion === version ? (to ?? "?") : `${profile}@${version} revision ${to ?? "?"}`}`;
}

function describe({ path, before, after }: PlanLayer["changes"][number]): string {
  if (path === "") return before === null ? "added" : after === null ? "removed" : "replaced";
  return `${path}: ${showValue(before)} → ${showValue(after)}`;
}

const EFFECT_COLOURS = {
  created: "green",
  changed: "yellow",
  unchanged: "dim",
  adopted: "yellow",
  replaced: "red",
  pruned: "red",
  released: "dim",
  kept: "dim",
} as const;

function renderEffects({ effects }: PlanView, style: Style): string {
  if (effects.length === 0) return "In the cluster: nothing changes\n";
  const width = Math.max(...effects.map(({ effect }) => effect.length));
  const lines = effects.map(({ effect, object, why, problem }) => {
    const reason = why === "" ? "" : style("dim", `  (${escapeLine(why)})`);
    const line = `  ${style(EFFECT_COLOURS[effect], effect.padEnd(width))} ${escapeLine(object)}${reason}\n`;
    return problem === undefined
      ? line
      : `${line}${renderProblem(problem, style).replaceAll(/^/gm, "    ").trimEnd()}\n`;
  });
  return `In the cluster:\n${lines.join("")}`;
}

function renderLayerDiff(layer: PlanLayer, diff: DiffStyle, style: Style, width: number): string {
  const overridden = new Set(layer.overriddenLines);
  const isOverridden = ({ right }: ComparedLine) => right !== undefined && overridden.has(right.number);
  const [current, pending] = [layer.current, layer.pending].map((text) => text.replaceAll("\r\n", "\n"));
  const rows = compareLines(current ?? "", pending ?? "");
  const hunks = hunksOf(rows, (row) => row.changed || isOverridden(row));
  const lineEnds = describeLineEnds(layer, style);
  if (hunks.length === 0 && lineEnds === "") return "";
  const render =
    diff === "unified"
      ? (hunk: ComparedLine[]) => hunk.flatMap((row) => unified(row, isOverridden(row), style))
      : (hunk: ComparedLine[]) => hunk.map((row) => sideBySide(row, isOverridden(row), style, width));
  const title = style("bold", `layer ${layer.name}`);
  const marks = overridden.size === 0 ? "" : style("dim", "   ! overridden by this cluster");
  const body = hunks.map((hunk) => render(hunk).join("\n")).join(`\n${style("dim", "  ⋯")}\n`);
  return `\n${title}: current → pending${marks}\n${lineEnds}${body === "" ? "" : `${body}\n`}`;
}

/** Lines are compared without their ends: where those differ, it is said once. */
function describeLineEnds({ current, pending }: PlanLayer, style: Style): string {
  if (current === "" || pending === "") return "";
  const [before, after] = [lineEndsOf(current), lineEndsOf(pending)];
  return before === after ? "" : style("dim", `  line ends differ: ${before} → ${after}\n`);
}

function lineEndsOf(text: string): string {
  const all = text.split("\n").length - 1;
  const windows = text.split("\r\n").length - 1;
  return windows === 0 ? "LF" : windows === all ? "CRLF" : "mixed";
}

function unified(row: ComparedLine, overridden: boolean, style: Style): string[] {
  const { left, right, changed } = row;
  const mark = overridden ? style("yellow", "!") : " ";
  if (!changed) return [`${mark} ${numbered(right, 4)}   ${escapeControl(right?.text ?? "")}`];
  const removed =
    left === undefined ? [] : [style("red", `  ${numbered(left, 4)} - ${escapeControl(left.text)}`)];
  const added =
    right === undefined
      ? []
      : [`${mark} ${style("green", `${numbered(right, 4)} + ${escapeControl(right.text)}`)}`];
  return [...removed, ...added];
}

function sideBySide(row: ComparedLine, overridden: boolean, style: Style, width: number): string {
  const half = Math.max(20, Math.floor((width - 9) / 2));
  const cell = (side: ComparedLine["left"], room: number) =>
    padEnd(truncate(`${numbered(side, 4)} ${escapeLine(side?.text ?? "")}`, room), room);
  const { left, right, changed } = row;
  const mark = overridden ? style("yellow", "!") : " ";
  const middle = !changed ? "│" : left === undefined ? ">" : right === undefined ? "<" : "≠";
  const leftText = cell(left, half);
  const rightText = cell(right, half).trimEnd();
  if (!changed) return `  ${leftText} ${style("dim", middle)} ${mark} ${rightText}`;
  return `  ${style("red", leftText)} ${style("bold", middle)} ${mark} ${style("green", rightText)}`;
}

function numbered(side: ComparedLine["left"], width: number): string {
  return (side === undefined ? "" : String(side.number)).padStart(width);
}
