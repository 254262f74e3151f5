import type { Part } from "./assemble-block.ts";
import type { Entry } from "./outline.ts";
import type { Splice } from "./splices.ts";
import { beginsLine, columnOf, endOfLine, leadOf } from "./text-lines.ts";

/** What stands between two entries that stay: texts to come, entries to go. */
interface Gap {
  readonly texts: string[];
  readonly gone: Entry[];
}

/**
 * Splices that make a filled collection in brackets of its parts, of which there is at least one; the entries among
 * them stand in the order that they had. What comes where something goes takes its place.
 */
export function assembleFlow(text: string, entries: readonly Entry[], parts: readonly Part[]): Splice[] {
  const splices: Splice[] = [];
  const live: Entry[] = [];
  let from = 0;
  for (const gap of gapsOf(entries, parts)) {
    const until = from + gap.gone.length;
    const replaced = gap.gone.slice(0, gap.texts.length);
    for (const [index, entry] of replaced.entries())
      splices.push({ start: entry.start, end: endOf(entry), text: gap.texts[index] ?? "" });
    live.push(...replaced);
    const added = gap.texts.slice(replaced.length);
    if (added.length > 0) splices.push(...insert(text, added, live.at(-1), entries[until]));
    const gone = gap.gone.slice(replaced.length);
    if (gone.length > 0) splices.push(...remove(text, gone, live.at(-1), entries[until]));
    const next = entries[until];
    if (next !== undefined) live.push(next);
    from = until + 1;
  }
  return splices;
}

function gapsOf(entries: readonly Entry[], parts: readonly Part[]): Gap[] {
  const kept = new Set(parts);
  const gaps: Gap[] = [{ texts: [], gone: [] }];
  for (const entry of entries) {
    if (kept.has(entry)) gaps.push({ texts: [], gone: [] });
    else gaps.at(-1)?.gone.push(entry);
  }
  let index = 0;
  for (const part of parts) {
    if (typeof part === "string") gaps[index]?.texts.push(part);
    else index++;
  }
  return gaps;
}

function endOf(entry: Entry): number {
  return Math.max(entry.content, entry.value.end);
}

/** A comma and a comment up to the end of the line behind an entry, as far as they are there; null before other text. */
function lineEndBehind(text: string, entry: Entry): RegExpExecArray | null {
  const lineEnd = /[ \t]*(,?)[ \t]*(?:#[^\n]*)?\n/y;
  lineEnd.lastIndex = endOf(entry);
  return lineEnd.exec(text);
}

function insert(
  text: string,
  added: readonly string[],
  before: Entry | undefined,
  next: Entry | undefined,
): Splice[] {
  const neighbour = before ?? next;
  if (neighbour === undefined) return [];
  const ownLine = beginsLine(text, neighbour.start) ? lineEndBehind(text, neighbour) : null;
  const indentation = ownLine === null ? "" : " ".repeat(columnOf(text, neighbour.start));
  if (before === undefined) {
    const at = ownLine === null ? neighbour.start : leadOf(text, neighbour, 0);
    const lines = added.map((line) => (ownLine === null ? `${line}, ` : `${indentation}${line},\n`));
    return [{ start: at, end: at, text: lines.join("") }];
  }
  const end = endOf(before);
  if (ownLine === null) return [{ start: end, end, text: added.map((line) => `, ${line}`).join("") }];
  const below = end + ownLine[0].length;
  const lines = added.map((line) => indentation + line);
  if (ownLine[1] === ",") return [{ start: below, end: below, text: `${lines.join(",\n")},\n` }];
  return [
    { start: end, end, text: "," },
    { start: below, end: below, text: `${lines.join(",\n")}\n` },
  ];
}

function remove(
  text: string,
  gone: readonly Entry[],
  before: Entry | undefined,
  next: Entry | undefined,
): Splice[] {
  const [first] = gone;
  const last = gone.at(-1);
  if (first === undefined || last === undefined) return [];
  const ownLine = beginsLine(text, first.start) ? lineEndBehind(text, last) : null;
  if (ownLine !== null) {
    const floor = before === undefined ? 0 : endOfLine(text, endOf(before));
    const lines = { start: leadOf(text, first, floor), end: endOf(last) + ownLine[0].length, text: "" };
    if (next !== undefined || before === undefined || ownLine[1] === ",") return [lines];
    const comma = /^\s*,/.exec(text.slice(endOf(before), first.start))?.[0];
    if (comma === undefined) return [lines];
    const end = endOf(before) + comma.length;
    return [{ start: end - 1, end, text: "" }, lines];
  }
  if (next !== undefined) return [{ start: first.start, end: next.start, text: "" }];
  return before === undefined ? [] : [{ start: endOf(before), end: endOf(last), text: "" }];
}
