import { EngineError, type Problem } from "../model/errors.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { readManifests, splitFiles, type TextFile } from "../yaml/index.ts";

/**
 * The objects of a layer text that a user has edited (see `joinFiles`). Throws `edit-invalid` with all that is wrong,
 * at the lines of each file, and what taking the text apart throws.
 */
export function readEdited(files: readonly TextFile[], edited: string): readonly KubeObject[] {
  return readObjects(splitFiles(files, edited).files);
}

/** The objects of a layer's files. Throws `edit-invalid` with all that is wrong. */
export function readObjects(files: readonly TextFile[]): readonly KubeObject[] {
  const read = files.map(({ path, text }) => readManifests(text, { file: path }));
  const problems = read.flatMap((one) => one.problems).filter(({ severity }) => severity !== "warning");
  refuseInvalid(problems);
  return read.flatMap(({ manifests }) => manifests.map(({ object }) => object));
}

/** Throws `edit-invalid` where there are problems, with all of them, at the place of the first. */
export function refuseInvalid(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const message = `the edited text cannot be used: ${first.message}`;
  throw new EngineError("edit-invalid", message, { ...first, problems });
}
