import { isDeepStrictEqual } from "node:util";
import { EngineError } from "../model/errors.ts";
import type { Json } from "../model/kube-object.ts";
import { applyStep, type Step, stepsOf } from "./edit-steps.ts";
import { type Edit, editJson, valueAt } from "./json-edit.ts";
import { restoreLineEnds, withoutLineEnds } from "./line-ends.ts";
import { outlineOf } from "./outline.ts";
import { readStream } from "./read-stream.ts";
import { spliceStep } from "./splice.ts";
import { writeYaml } from "./write-yaml.ts";

export type { Edit } from "./json-edit.ts";

/**
 * Edits the text of a one-document file. Comments, order, quotes, brackets and line ends of what is not edited stay; an
 * edit that changes nothing returns the text as it is. The result always reads as exactly the intended value.
 * Throws what `readStream` throws where the text cannot be read, `yaml-invalid` for more than one document, and
 * `yaml-edit-impossible` where a path leads through a scalar or behind the end of a list.
 */
export function editYaml(text: string, edits: readonly Edit[]): string {
  const before = withoutLineEnds(text);
  const after = edits.reduce(editOnce, before);
  return after === before ? text : restoreLineEnds(text, after);
}

function editOnce(text: string, edit: Edit): string {
  let value = readValue(text);
  const wanted = editJson(value, edit);
  let edited = text;
  for (const step of stepsOf(value, edit)) {
    value = applyStep(value, step);
    edited = takeStep(edited, step, value);
  }
  if (!isDeepStrictEqual(value, wanted))
    throw new Error(`the steps of an edit of ${edit.path.join(".")} miss its goal`);
  return edited;
}

/**
 * The step as a splice, if its result reads as wanted; else the next larger part of the document is written anew, and
 * at last all of it.
 */
function takeStep(text: string, step: Step, wanted: Json): string {
  const outline = outlineOf(text);
  if (outline !== undefined) {
    for (const larger of [step, ...parentsOf(step, wanted)]) {
      const spliced = spliceStep(text, outline, larger);
      if (spliced !== undefined && isDeepStrictEqual(tryValue(spliced), wanted)) return spliced;
    }
  }
  return headOf(text) + writeYaml(wanted);
}

function parentsOf({ path }: Step, wanted: Json): Step[] {
  const paths = path
    .map((_, index) => path.slice(0, path.length - 1 - index))
    .filter((parent) => parent.length > 0);
  return paths.map((parent) => ({ op: "replace", path: parent, value: valueAt(wanted, parent) ?? null }));
}

/** The comments and empty lines before the content, and the line that begins the document. */
function headOf(text: string): string {
  return /^(?:[ \t]*(?:#.*)?\n|---[ \t]*(?:#.*)?\n)*/.exec(text)?.[0] ?? "";
}

function readValue(text: string): Json {
  const [document, second] = readStream(text, { file: "" });
  if (second === undefined) return document?.value ?? null;
  throw new EngineError("yaml-invalid", "the file holds more than one document", {
    line: second.line,
    column: 1,
  });
}

function tryValue(text: string): Json | undefined {
  try {
    return readValue(text);
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}
