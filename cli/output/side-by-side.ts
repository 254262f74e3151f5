import { diffArrays } from "diff";

/** One line of a comparison; a side is undefined where it has no such line. Numbers are from 1. */
export interface ComparedLine {
  readonly left: { readonly number: number; readonly text: string } | undefined;
  readonly right: { readonly number: number; readonly text: string } | undefined;
  readonly changed: boolean;
}

/** Two texts line by line; lines that were removed stand beside those that came for them. */
export function compareLines(left: string, right: string): ComparedLine[] {
  const rows: ComparedLine[] = [];
  const parts = diffArrays(linesOf(left), linesOf(right));
  const at = { left: 0, right: 0 };
  const take = (side: "left" | "right", texts: readonly string[]) =>
    texts.map((text) => ({ number: ++at[side], text }));
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (part === undefined) continue;
    if (!part.added && !part.removed) {
      const [lefts, rights] = [take("left", part.value), take("right", part.value)];
      rows.push(...lefts.map((one, line) => ({ left: one, right: rights[line], changed: false })));
      continue;
    }
    const next = parts[index + 1];
    const removed = part.removed ? part.value : [];
    const added = part.added ? part.value : next?.added === true ? next.value : [];
    if (part.removed && next?.added === true) index += 1;
    const [lefts, rights] = [take("left", removed), take("right", added)];
    const most = Math.max(lefts.length, rights.length);
    for (let line = 0; line < most; line++)
      rows.push({ left: lefts[line], right: rights[line], changed: true });
  }
  return rows;
}

/** Groups of lines around those that `matters` says; far lines are left out. */
export function hunksOf(
  rows: readonly ComparedLine[],
  matters: (row: ComparedLine) => boolean,
  context = 3,
): ComparedLine[][] {
  const hunks: ComparedLine[][] = [];
  let last = -1;
  for (const [index, row] of rows.entries()) {
    if (!matters(row)) continue;
    const from = Math.max(index - context, last + 1);
    const to = Math.min(index + context, rows.length - 1);
    const lines = rows.slice(Math.min(from, to + 1), to + 1);
    const joined = from === last + 1 ? hunks.at(-1) : undefined;
    if (joined === undefined) hunks.push(lines);
    else joined.push(...lines);
    last = Math.max(last, to);
  }
  return hunks;
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
