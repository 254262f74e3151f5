import type { EngineError, Problem } from "../../engine/model/errors.ts";
import type { CliIo, OutputStream } from "../io.ts";
import { renderDiff } from "./diff-text.ts";
import { escapeControl, safeJson } from "./escape-control.ts";
import { errorData, renderError, renderProblem } from "./problem-text.ts";
import { createStyle, type Style } from "./style.ts";
import { type Column, renderTable, renderWhole } from "./table.ts";

export const OUTPUT_FORMATS = ["table", "json"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** How one command speaks: data to stdout as asked for, everything else to stderr. */
export interface Printer {
  readonly format: OutputFormat;
  readonly style: Style;
  /** For stderr. */
  readonly errorStyle: Style;
  /** Prints `value` itself for programs, and what `text` makes of it for people. */
  data(value: unknown, text: () => string): void;
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string;
  /** The same, and never cut: where it does not fit, each row has lines of its own. */
  whole<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string;
  diff(diff: string): string;
  /** A line beside the data, to stderr. */
  note(text: string): void;
  problem(problem: Problem): void;
  error(error: EngineError): void;
}

export function createPrinter(io: CliIo, options: { format: OutputFormat; colours: boolean }): Printer {
  const style = createStyle(options.colours && hasColours(io, io.stdout));
  const errorStyle = createStyle(options.colours && hasColours(io, io.stderr));
  const { format } = options;
  return {
    format,
    style,
    errorStyle,
    data: (value, text) => io.stdout.write(format === "json" ? `${safeJson(value, 2)}\n` : text()),
    table: (columns, rows) => renderTable(columns, rows, { style, width: terminalWidth(io.stdout) }),
    whole: (columns, rows) => renderWhole(columns, rows, { style, width: terminalWidth(io.stdout) }),
    diff: (diff) => renderDiff(diff, style),
    note: (text) => io.stderr.write(`${escapeControl(text)}\n`),
    problem: (problem) => io.stderr.write(renderProblem(problem, errorStyle)),
    error: (error) =>
      io.stderr.write(
        format === "json" ? `${safeJson(errorData(error), 2)}\n` : renderError(error, errorStyle),
      ),
  };
}

/** Columns of a terminal; undefined where there is none, or where it does not say (0). */
export function terminalWidth({ isTTY, columns = 0 }: OutputStream): number | undefined {
  return isTTY === true && columns > 0 ? columns : undefined;
}

/** Rule: https://no-color.org, and only on a terminal. */
export function hasColours(io: CliIo, stream: OutputStream): boolean {
  const refused = (io.env.NO_COLOR ?? "") !== "" || io.env.TERM === "dumb";
  return stream.isTTY === true && !refused;
}
