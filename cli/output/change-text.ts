import type { ChangeResult } from "../../engine/repo/change.ts";
import { escapeControl, escapeLine } from "./escape-control.ts";
import type { Printer } from "./printer.ts";
import { renderUpdate } from "./update-text.ts";

/** What came of a change, for people: its commit, what else moved, and for a dry run the diff. */
export function renderChange(result: ChangeResult, printer: Printer, dryRun: boolean): string {
  const { style } = printer;
  const lines: string[] = [];
  if (dryRun) {
    for (const plan of result.plans) lines.push(renderUpdate(plan, printer, "unified", 0));
    if (result.diff !== "") lines.push(printer.diff(result.diff.replace(/\n$/, "")));
    lines.push(style("bold", `Dry run: ${escapeLine(result.subject)}`));
  } else if (result.commit === null) lines.push(escapeLine(result.subject));
  else lines.push(`${style("yellow", result.commit.slice(0, 12))} ${escapeLine(result.subject)}`);
  for (const { name, from, to } of result.refs.filter((ref) => !ref.name.startsWith("refs/heads/"))) {
    const verb = to === null ? "removed" : from === null ? "new" : "moved";
    lines.push(`  ${verb} tag ${escapeLine(name.replace(/^refs\/tags\//, ""))}`);
  }
  for (const note of result.notes) lines.push(`  ${escapeControl(note)}`);
  return lines.map((line) => `${line}\n`).join("");
}
