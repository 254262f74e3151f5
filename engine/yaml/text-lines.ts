import type { Entry, Outline } from "./outline.ts";
import type { Layout } from "./write-yaml.ts";

/** Texts here have `\n` at the end of each line, the last one too. */

export function startOfLine(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** Behind the line on which something ends, a comment behind it included. */
export function endOfLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline + 1;
}

export function columnOf(text: string, offset: number): number {
  return offset - startOfLine(text, offset);
}

/** Whether nothing but indentation stands before an offset on its line; looks no further back than that. */
export function beginsLine(text: string, offset: number): boolean {
  let at = offset;
  while (text[at - 1] === " " || text[at - 1] === "\t") at--;
  return at === 0 || text[at - 1] === "\n";
}

/** Where an entry of a block begins with the comment above it; comments above `floor` belong to others. */
export function leadOf(text: string, entry: Entry, floor: number): number {
  if (!beginsLine(text, entry.start)) return entry.start;
  const column = columnOf(text, entry.start);
  let lead = startOfLine(text, entry.start);
  while (lead > floor) {
    const above = startOfLine(text, lead - 1);
    if (above < floor || !isComment(text.slice(above, lead), column)) break;
    lead = above;
  }
  return lead;
}

function isComment(line: string, column: number): boolean {
  return line.startsWith(`${" ".repeat(column)}#`);
}

/** Behind the lines of an entry of a block, and the comments below that are indented further than it is. */
export function endOfEntry(text: string, entry: Entry): number {
  const column = columnOf(text, entry.start);
  let end = endOfLine(text, Math.max(entry.content, entry.value.end));
  for (let at = end; at < text.length; ) {
    const next = endOfLine(text, at + 1);
    const line = text.slice(at, next);
    const indentation = line.search(/\S/);
    if (indentation !== -1) {
      if (line[indentation] !== "#" || indentation <= column) break;
      end = next;
    }
    at = next;
  }
  return end;
}

/** How a document indents: by its first mapping in a mapping, and its first list in one; ours where there is none. */
export function layoutOf(text: string, root: Outline): Layout {
  const found: { step?: number; listStep?: number } = {};
  const nodes = [root];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.flow) continue;
    for (const entry of node.entries.toReversed()) nodes.push(entry.value);
    if (node.kind !== "map") continue;
    for (const entry of node.entries) {
      const [first] = entry.value.entries;
      if (first === undefined || entry.value.flow || !beginsLine(text, first.start)) continue;
      const step = columnOf(text, first.start) - columnOf(text, entry.start);
      if (entry.value.kind === "list") found.listStep ??= step;
      else found.step ??= step;
    }
  }
  const step = Math.max(found.step ?? 2, 1);
  return { step, listStep: Math.max(found.listStep ?? 2, 0) };
}
