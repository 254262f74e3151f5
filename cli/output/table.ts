import { escapeLine } from "./escape-control.ts";
import { type Style, styleState } from "./style.ts";
import { padEnd, textWidth, truncate } from "./text-width.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Its values are health words or layer states. */
  readonly state?: boolean;
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
  const cells = rows.map((row) => columns.map((column) => escapeLine(column.value(row))));
  const natural = columns.map((column, index) =>
    cells.reduce((widest, line) => Math.max(widest, textWidth(line[index] ?? "")), textWidth(column.title)),
  );
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

function shrink(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1) - width;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= MIN_COLUMN) break;
    widths[widths.indexOf(widest)] = widest - 1;
    excess--;
  }
  return widths;
}
