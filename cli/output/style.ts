import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Adds colour to text, or leaves it as it is. */
export type Style = (format: Format, text: string) => string;

export function createStyle(colours: boolean): Style {
  if (!colours) return (_format, text) => text;
  return (format, text) => styleText(format, text, { validateStream: false });
}

const STATE_FORMATS: Readonly<Record<string, Format>> = {
  healthy: "green",
  progressing: "yellow",
  applying: "yellow",
  waiting: "yellow",
  degraded: "red",
  failed: "red",
  unreachable: "red",
  unknown: "dim",
  pending: "dim",
  deleting: "magenta",
  deleted: "magenta",
  conflict: "yellow",
  redundant: "dim",
  orphaned: "red",
  gone: "dim",
};

/** A health, a layer state or the state of an override, or a text about it, in the state's colour. */
export function styleState(style: Style, state: string, text: string = state): string {
  const format = STATE_FORMATS[state];
  return format === undefined ? text : style(format, text);
}
