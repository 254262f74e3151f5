import { diffArrays } from "diff";
import { describeId, objectKey } from "../model/kube-object.ts";
import { normalText, piecesOf } from "../yaml/index.ts";

/** What an override took away. */
export interface RemovedLines {
  /** The line of the text, from 1, before which it is missing; one more than there are at the end. */
  readonly line: number;
  /** An object, or the first line of what is missing and how many lines it had. */
  readonly what: string;
}

export interface OverrideMarks {
  /** Lines, from 1, that are not as the profile's text has them. */
  readonly overriddenLines: readonly number[];
  /** In the order of their lines. */
  readonly removed: readonly RemovedLines[];
}

/** A document of a layer text. */
interface Segment {
  readonly key: string;
  /** The objects in it; empty where it holds none. */
  readonly name: string;
  /** How many lines of the text stand before it. */
  readonly before: number;
  readonly lines: readonly string[];
}

/** What stands before the documents of a file in a layer text (see `joinFiles`). */
const FILE_MARK = /^#+ file: /;

/**
 * The lines of `shown` that are not as the profile's text has them, and what the profile has and `shown` does not.
 * Documents are compared by the identity of their objects: all of a new one is marked. Throws `yaml-invalid` where a
 * text cannot be taken apart.
 */
export function markOverridden(profile: string, shown: string): OverrideMarks {
  if (profile === shown) return { overriddenLines: [], removed: [] };
  const [base, own] = [segmentsOf(profile), segmentsOf(shown)];
  const known = new Map(base.map((segment) => [segment.key, segment]));
  const compared = own.map((segment) => compare(known.get(segment.key), segment));
  const gone = goneObjects(base, new Map(own.map((segment) => [segment.key, segment])));
  return {
    overriddenLines: compared.flatMap(({ overriddenLines }) => overriddenLines),
    removed: [...compared.flatMap(({ removed }) => removed), ...gone].sort((a, b) => a.line - b.line),
  };
}

function segmentsOf(text: string): Segment[] {
  let before = 0;
  let unnamed = 0;
  return piecesOf(normalText(text)).map((piece) => {
    if (piece.separator !== "") before += 1;
    const lines = piece.text.split("\n").slice(0, -1);
    const key = piece.objects.map(objectKey).join(" ");
    const segment = {
      key: key === "" ? `#${unnamed++}` : key,
      name: piece.objects.map(describeId).join(", "),
      before,
      lines,
    };
    before += lines.length;
    return segment;
  });
}

function compare(base: Segment | undefined, { before, lines }: Segment): OverrideMarks {
  const overriddenLines: number[] = [];
  const removed: RemovedLines[] = [];
  let line = before;
  const parts = diffArrays([...(base?.lines ?? [])], [...lines]);
  for (const [index, part] of parts.entries()) {
    if (part.removed) {
      const next = parts[index + 1];
      const instead = next?.added === true ? next.value : [];
      const missing = missingLines(part.value, instead);
      if (missing.length > 0) removed.push({ line: line + instead.length + 1, what: describe(missing) });
      continue;
    }
    const numbers = part.value.map((_text, offset) => line + offset + 1);
    if (part.added)
      overriddenLines.push(...numbers.filter((number) => isContent(lines[number - before - 1])));
    line += part.value.length;
  }
  return { overriddenLines, removed };
}

/** Objects that are not there any more, each where the one before it ends. */
function goneObjects(base: readonly Segment[], own: ReadonlyMap<string, Segment>): RemovedLines[] {
  let line = 1;
  const gone: RemovedLines[] = [];
  for (const { key, name } of base) {
    const here = own.get(key);
    if (here !== undefined) line = here.before + here.lines.length + 1;
    else if (name !== "") gone.push({ line, what: name });
  }
  return gone;
}

/** Of lines that others stand in place of, those that are not only changed. */
function missingLines(lines: readonly string[], instead: readonly string[]): readonly string[] {
  const fields = new Set(instead.map(fieldOf));
  return lines.filter((line) => line.trim() !== "" && isContent(line) && !fields.has(fieldOf(line)));
}

function describe(lines: readonly string[]): string {
  const [first = ""] = lines;
  return lines.length === 1 ? first.trim() : `${first.trim()} … (${lines.length} lines)`;
}

/** The field that a line sets, as far as one line tells. */
function fieldOf(line: string): string {
  return /^\s*(?:- +)*([^:#]+?)\s*:/.exec(line)?.[1] ?? line.trim();
}

function isContent(line: string | undefined): boolean {
  return line !== undefined && !FILE_MARK.test(line);
}
