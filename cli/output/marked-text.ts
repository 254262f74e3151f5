import type { OverrideMarks } from "../../engine/plan/overridden-lines.ts";
import { escapeControl, escapeLine } from "./escape-control.ts";
import type { Style } from "./style.ts";

/** A text with its line numbers, a `!` before lines that a cluster overrides, and `!-` where it removed something. */
export function renderMarkedText(
  { text, overriddenLines, removed }: OverrideMarks & { readonly text: string },
  style: Style,
): string {
  const marked = new Set(overriddenLines);
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const width = String(lines.length).length;
  const missingAt = Map.groupBy(removed, ({ line }) => Math.min(line, lines.length + 1));
  const missing = (line: number) =>
    (missingAt.get(line) ?? []).map(({ what }) =>
      style("red", `!-${" ".repeat(width + 1)}${escapeLine(what)}`),
    );
  const rendered = lines.flatMap((line, index) => {
    const number = String(index + 1).padStart(width);
    const safe = escapeControl(line);
    const shown = marked.has(index + 1)
      ? style("yellow", `! ${number} ${safe}`)
      : `  ${style("dim", number)} ${safe}`;
    return [...missing(index + 1), shown];
  });
  const legend = [
    ...(marked.size === 0 ? [] : ["! overridden by this cluster"]),
    ...(removed.length === 0 ? [] : ["!- removed by this cluster"]),
  ].map((line) => style("dim", line));
  return [...rendered, ...missing(lines.length + 1), ...legend].map((line) => `${line}\n`).join("");
}
