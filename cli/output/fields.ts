import { escapeControl } from "./escape-control.ts";
import type { Style } from "./style.ts";
import { padEnd } from "./text-width.ts";

/** `Name:  value` lines, aligned; fields without a value are left out. */
export function renderFields(
  style: Style,
  fields: readonly (readonly [name: string, value: string])[],
): string {
  const given = fields.filter(([, value]) => value !== "");
  const width = Math.max(0, ...given.map(([name]) => name.length)) + 1;
  const indent = " ".repeat(width + 1);
  return given
    .map(([name, value]) => {
      const text = escapeControl(value).replaceAll("\n", `\n${indent}`);
      return `${style("bold", padEnd(`${name}:`, width))} ${text}\n`;
    })
    .join("");
}
