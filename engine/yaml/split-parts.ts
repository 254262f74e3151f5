import { EngineError } from "../model/errors.ts";
import { markOf, openingOf, type TextFile } from "./layer-text.ts";
import { lineEndOf, spliceLines, withoutLineEnds } from "./line-ends.ts";
import { splitFiles } from "./split-files.ts";
import { normalText } from "./stream-pieces.ts";

/** What an edited layer text makes of one file. */
export interface Part {
  readonly path: string;
  readonly text: string;
  /** Where the part stands in the edited text; undefined where no comment began it. */
  readonly at: { readonly mark: number; readonly opened: boolean } | undefined;
}

interface Mark {
  readonly path: string;
  /** The comment's line, from 0. */
  readonly index: number;
  /** The line `---` above it; undefined for a part that has none. */
  readonly separator: number | undefined;
}

/**
 * Takes an edited layer text (see `joinFiles`) apart by the comments with the paths: what stands below one is its file,
 * one with a new path begins a new file, and a file that is not in the result was removed: its comment is gone, or
 * nothing is left below it. What was not edited keeps its bytes; what was keeps the line ends of its file. A text
 * without such comments is the only file as it is, or goes back to several as `splitFiles` does it, where each gets
 * something. Throws `edit-invalid`, with the line in the edited text, where a part cannot be told, and what `splitFiles`
 * throws.
 */
export function splitParts(files: readonly TextFile[], edited: string): Part[] {
  const mark = markOf(files);
  const lines = normalText(edited).split(/(?<=\n)/);
  const marks = findMarks(lines, mark);
  const [only, ...others] = files;
  const alone = others.length === 0 ? only : undefined;
  if (marks.length === 0) return alone === undefined ? unmarked(files, edited) : whole(alone.path, edited);
  const known = new Map(files.map((file) => [file.path, file.text]));
  const parts = marks.flatMap((one, index) => {
    const next = marks[index + 1];
    const body = lines.slice(one.index + 1, next?.separator ?? next?.index).join("");
    const typed = { separator: lines[one.separator ?? -1] ?? "", body, lineEnd: lineEndOf(edited) };
    return partOf(one, typed, known.get(one.path));
  });
  const lead = lines.slice(0, marks[0]?.separator ?? marks[0]?.index).join("");
  if (lead.trim() === "") return parts;
  // The only file is shown without a comment: another file was added behind it.
  if (alone !== undefined && marks.every(({ path }) => path !== alone.path))
    return [...whole(alone.path, keepBytes(alone.text, lead)), ...parts];
  const hint = `begin it with the line \`${mark}<path>\`, or move it below one`;
  throw unclear("what stands before the first part belongs to no file", 1, hint);
}

/** The line of the edited text that a line of a part's file is; undefined where that is not known. */
export function lineInText({ at }: Part, line: number): number | undefined {
  if (at === undefined) return undefined;
  const { mark, opened } = at;
  return opened && line === 1 ? mark - 1 : mark + line - (opened ? 1 : 0);
}

function findMarks(lines: readonly string[], mark: string): Mark[] {
  const marks: Mark[] = [];
  const seen = new Set<string>();
  let above = -1;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const before = lines[above] ?? "---";
    const last = above;
    above = index;
    if (!line.startsWith(mark)) continue;
    const path = line.slice(mark.length).trim();
    const separated = before.startsWith("---");
    if (!separated && marks.at(-1)?.index !== last)
      throw unclear(
        `"${line.trim()}" stands inside a document`,
        index + 1,
        "write `---` on the line before it, or write the comment otherwise",
      );
    if (seen.has(path))
      throw unclear(`the part "${path}" is there twice`, index + 1, "give one of them another path");
    seen.add(path);
    marks.push({ path, index, separator: separated && last !== -1 ? last : undefined });
  }
  return marks;
}

interface Typed {
  readonly separator: string;
  readonly body: string;
  /** For a new file. */
  readonly lineEnd: string;
}

function partOf(
  { path, index }: Mark,
  { separator, body, lineEnd }: Typed,
  original: string | undefined,
): Part[] {
  const opening = openingFor(separator, openingOf(normalText(original ?? "")));
  const at = { mark: index + 1, opened: opening !== "" };
  const typed = opening + body;
  if (original === undefined) {
    if (body.trim() !== "") return [{ path, text: typed.replaceAll("\n", lineEnd), at }];
    throw unclear(`the new part "${path}" is empty`, at.mark, "write its objects below, or remove the line");
  }
  if (typed === normalText(original)) return [{ path, text: original, at }];
  return body.trim() === "" ? [] : [{ path, text: keepBytes(original, typed), at }];
}

/** A file begins with a separator if it did, or to keep what stands on that line. */
function openingFor(separator: string, original: string): string {
  if (separator === "") return original;
  return original === "" && separator.trimEnd() === "---" ? "" : separator;
}

/** A file as it was typed, in the bytes that it had: its mark, its line ends, and whether the last line is ended. */
function keepBytes(original: string, typed: string): string {
  const unended = original !== "" && !original.endsWith("\n");
  const ended = unended ? original + lineEndOf(original) : original;
  const end = withoutLineEnds(ended).length;
  const text = spliceLines(ended, [{ start: 0, end, text: typed }]) ?? typed;
  return unended ? text.replace(/\r?\n$/, "") : text;
}

function whole(path: string, text: string): Part[] {
  return text.trim() === "" ? [] : [{ path, text, at: undefined }];
}

/** No comment says that a file is to go: a text without anything of one may be that of another file alone. */
function unmarked(files: readonly TextFile[], edited: string): Part[] {
  if (edited.trim() === "") return [];
  const before = new Map(files.map(({ path, text }) => [path, text]));
  return splitFiles(files, edited).files.map(({ path, text }): Part => {
    if (text.trim() !== "" || text === before.get(path)) return { path, text, at: undefined };
    const hint = `name the one file that it is, or begin each file with a line \`${markOf(files)}<path>\``;
    throw unclear(`nothing in the text is of "${path}"`, 1, hint);
  });
}

function unclear(message: string, line: number, hint: string): EngineError {
  return new EngineError("edit-invalid", message, { line, hint });
}
