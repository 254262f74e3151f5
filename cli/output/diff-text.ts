import { escapeControl } from "./escape-control.ts";
import type { Style } from "./style.ts";

/** A unified diff for a terminal: escaped, and coloured line by line. */
export function renderDiff(diff: string, style: Style): string {
  return diff
    .split("\n")
    .map((line) => colour(escapeControl(line), style))
    .join("\n");
}

function colour(line: string, style: Style): string {
  if (/^(diff |index |--- |\+\+\+ |new file|deleted file|similarity|rename )/.test(line))
    return style("bold", line);
  if (line.startsWith("@@")) return style("cyan", line);
  if (line.startsWith("+")) return style("green", line);
  if (line.startsWith("-")) return style("red", line);
  return line;
}
