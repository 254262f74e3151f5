import { escapeLine } from "./escape-control.ts";
import { type Style, styleState } from "./style.ts";
import { padEnd, textWidth, truncate } from "./text-width.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Its values are health words, or states of layers or overrides. */
  readonly state?: boolean;
  /** Where in an entry it stands (see {@link renderEntries}): above it, once for all that share it, or on its own line. */
  readonly entry?: "above" | "own";
}

export interface TableOptions {
  readonly style: Style;
  /** Columns of the terminal; undefined where lines may be of any length. */
  readonly width: number | undefined;
}

const GAP = "  ";
const MIN_COLUMN = 8;

/** An aligned table, its title line first. Text is escaped; cells shrink, the widest first, until a line fits. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions,
): string {
  const cells = cellsOf(columns, rows);
  const natural = naturalWidths(columns, cells);
  const widths = options.width === undefined ? natural : shrink(natural, options.width);
  const renderLine = (line: readonly string[], decorate: (text: string, index: number) => string) =>
    line
      .map((cell, index) => {
        const cut = truncate(cell, widths[index] ?? 0);
        const padding = padEnd(cut, widths[index] ?? 0).slice(cut.length);
        return decorate(cut, index) + (index === line.length - 1 ? "" : padding);
      })
      .join(GAP)
      .trimEnd();
  const title = renderLine(
    columns.map((column) => column.title),
    (text) => options.style("bold", text),
  );
  const body = cells.map((line) =>
    renderLine(line, (text, index) =>
      columns[index]?.state === true ? styleState(options.style, text) : text,
    ),
  );
  return [title, ...body].map((line) => `${line}\n`).join("");
}

/** A table where it fits, else its rows as entries: nothing is cut. For what people copy into commands. */
export function renderWhole<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: TableOptions,
): string {
  const { width } = options;
  const natural = naturalWidths(columns, cellsOf(columns, rows));
  return width === undefined || lineWidth(natural) <= width
    ? renderTable(columns, rows, options)
    : renderEntries(columns, rows, options.style);
}

/** Rows as entries of several lines: what is above them, the entry itself, and below it values with their titles. */
function renderEntries<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string {
  const own = columns.filter(({ entry }) => entry === "own");
  const titleWidth = own.reduce((widest, { title }) => Math.max(widest, textWidth(title)), 0);
  let last = "";
  return rows
    .map((row) => {
      const join = (entry: Column<Row>["entry"]) =>
        columns
          .filter((column) => column.entry === entry)
          .map((column) => ({ text: escapeLine(column.value(row)), isState: column.state === true }))
          .filter(({ text }) => text !== "")
          .map(({ text, isState }) => (isState ? styleState(style, text) : text))
          .join(GAP);
      const above = join("above");
      const head = above === last ? "" : `${style("bold", above)}\n`;
      last = above;
      const values = own.map(
        ({ title, value }) =>
          `    ${style("dim", padEnd(title.toLowerCase(), titleWidth))}${GAP}${escapeLine(value(row))}\n`,
      );
      return `${head}  ${join(undefined)}\n${values.join("")}`;
    })
    .join("");
}

function cellsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[][] {
  return rows.map((row) => columns.map((column) => escapeLine(column.value(row))));
}

function naturalWidths<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly string[])[],
): number[] {
  return columns.map((column, index) =>
    cells.reduce((widest, line) => Math.max(widest, textWidth(line[index] ?? "")), textWidth(column.title)),
  );
}

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1);
}

function shrink(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  let excess = lineWidth(widths) - width;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= MIN_COLUMN) break;
    widths[widths.indexOf(widest)] = widest - 1;
    excess--;
  }
  return widths;
}
