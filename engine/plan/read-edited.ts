import { EngineError, type Problem } from "../model/errors.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { keepHidden } from "./keep-hidden.ts";
import { readManifests, splitFiles, type TextFile } from "../yaml/index.ts";

/**
 * The objects of a layer text that a user has edited (see `joinFiles`), from the files that were shown. Throws what
 * {@link readEditedFiles} throws.
 */
export function readEdited(shown: readonly TextFile[], edited: string): readonly KubeObject[] {
  refuseEmpty(edited);
  return readEditedFiles(
    shown,
    takenApart(() => splitFiles(shown, edited).files),
  );
}

/** Does what takes an edited text apart; what it throws becomes `edit-invalid`. */
export function takenApart<T>(take: () => T): T {
  try {
    return take();
  } catch (error) {
    if (error instanceof EngineError && error.code !== "edit-invalid")
      refuseInvalid(error.problems.length > 0 ? error.problems : [error.toProblem()]);
    throw error;
  }
}

/**
 * The objects of a layer's files that a user has edited; what was hidden from the user is as it was. Throws
 * `edit-invalid` with all that is wrong, at the lines of each file, and `edit-empty`.
 */
export function readEditedFiles(
  shown: readonly TextFile[],
  edited: readonly TextFile[],
): readonly KubeObject[] {
  const before = readObjects(shown);
  const objects = readObjects(edited);
  if (objects.length === 0 && before.length > 0) throw empty();
  return keepHidden(objects, before);
}

/** Throws `edit-empty`: an editor that was left, or a pipe that broke, is no wish to remove everything. */
export function refuseEmpty(edited: string): void {
  if (edited.trim() === "") throw empty();
}

function empty(): EngineError {
  return new EngineError("edit-empty", "the edited text is empty; nothing was changed", {
    hint: "to remove an object, leave its document out; to remove all of a layer, remove the layer from profile.yaml",
  });
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
