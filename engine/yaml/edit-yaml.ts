import { EngineError } from "../model/errors.ts";
import { editDocuments } from "./edit-documents.ts";
import { type Edit, editJson } from "./json-edit.ts";
import { readStream } from "./read-stream.ts";

export type { Edit } from "./json-edit.ts";

/**
 * Edits the text of a one-document file. Comments, order, quotes, brackets and line ends of what is not edited stay; an
 * edit that changes nothing returns the text as it is. The result always reads as exactly the intended value.
 * Throws what `readStream` throws where the text cannot be read, `yaml-invalid` for more than one document, and
 * `yaml-edit-impossible` where a path leads through a scalar or behind the end of a list.
 */
export function editYaml(text: string, edits: readonly Edit[]): string {
  const [document, second] = readStream(text, { file: "" });
  if (second !== undefined) {
    throw new EngineError("yaml-invalid", "the file holds more than one document", {
      line: second.line,
      column: 1,
    });
  }
  return editDocuments(text, [edits.reduce(editJson, document?.value ?? null)]);
}
