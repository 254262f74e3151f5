import { escapeControl } from "./escape-control.ts";
import type { Style } from "./style.ts";

/** A text with its line numbers, and a `!` before the lines that a cluster overrides. */
export function renderMarkedText(
  { text, overriddenLines }: { readonly text: string; readonly overriddenLines: readonly number[] },
  style: Style,
): string {
  const marked = new Set(overriddenLines);
  const lines = text.replace(/\n$/, "").split("\n");
  const width = String(lines.length).length;
  const rendered = lines.map((line, index) => {
    const number = String(index + 1).padStart(width);
    const safe = escapeControl(line);
    return marked.has(index + 1)
      ? style("yellow", `! ${number} ${safe}`)
      : `  ${style("dim", number)} ${safe}`;
  });
  const legend = marked.size === 0 ? [] : [style("dim", "! overridden by this cluster")];
  return [...rendered, ...legend].map((line) => `${line}\n`).join("");
}
