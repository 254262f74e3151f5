import type { Entry } from "./outline.ts";
import type { Splice } from "./splices.ts";
import { beginsLine, columnOf, endOfEntry, leadOf } from "./text-lines.ts";

/** What a collection is made of: entries that keep their place, and new text, its first line not indented. */
export type Part = Entry | string;

/**
 * Splices that make a block of its parts; the entries among them stand in the order that they had. An entry that is no
 * part goes with its lines and its own comment. `floor` is where the comments of the block begin.
 */
export function assembleBlock(
  text: string,
  entries: readonly Entry[],
  parts: readonly Part[],
  floor: number,
): Splice[] {
  const [first] = entries;
  const [head] = parts;
  if (first === undefined || head === undefined) return [];
  const indentation = " ".repeat(columnOf(text, first.start));
  const places = placesOf(text, entries, floor);
  const indexOf = new Map<Part, number>(entries.map((entry, index) => [entry, index]));
  const placeOf = (entry: Part) => places[indexOf.get(entry) ?? 0] ?? { lead: floor, end: floor };
  const kept = new Set(parts);
  const behindDash = !beginsLine(text, first.start);
  const splices: Splice[] = [];
  let gone = entries.filter((entry) => !kept.has(entry));
  let at = kept.has(first) ? placeOf(first).lead : placeOf(first).end;
  let rest = parts;
  if (behindDash && !kept.has(first)) {
    if (typeof head === "string") {
      splices.push({ start: first.start, end: placeOf(first).end, text: `${head}\n` });
      gone = gone.slice(1);
      rest = parts.slice(1);
    } else {
      splices.push(pullUp(text, first, head, placeOf(head).lead));
      gone = gone.filter((entry) => entry.start > head.start);
    }
  }
  for (const part of rest) {
    if (typeof part !== "string") at = placeOf(part).end;
    else if (behindDash && at === first.start)
      splices.push({ start: at, end: at, text: `${part}\n${indentation}` });
    else splices.push({ start: at, end: at, text: `${indentation}${part}\n` });
  }
  return [
    ...splices,
    ...gone.map((entry) => ({ start: placeOf(entry).lead, end: placeOf(entry).end, text: "" })),
  ];
}

function placesOf(text: string, entries: readonly Entry[], floor: number): { lead: number; end: number }[] {
  let before = floor;
  return entries.map((entry) => {
    const lead = leadOf(text, entry, before);
    before = endOfEntry(text, entry);
    return { lead, end: before };
  });
}

/** The field behind a dash goes, and another takes its place; where that has a comment above, below the dash. */
function pullUp(text: string, first: Entry, next: Entry, lead: number): Splice {
  if (text.slice(lead, next.start).trim() === "") return { start: first.start, end: next.start, text: "" };
  return { start: text.slice(0, first.start).trimEnd().length, end: lead, text: "\n" };
}
