import { renderProfile, type RenderDefaults } from "../fleet/render-profile.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import { refuseInvalid } from "../plan/read-edited.ts";
import { findDuplicates } from "../render/duplicates.ts";
import { isManifestFile } from "../render/render-layer.ts";
import type { StateReader } from "../repo/state.ts";
import { lineInText, type Part, readStream } from "../yaml/index.ts";
import type { ChosenFiles, FoundLayer } from "./find-layer.ts";

/** Texts by path in a layer; null for a file that goes. */
type LayerEdits = ReadonlyMap<string, string | null>;

interface CheckedEdit {
  readonly profile: string;
  readonly layer: string;
  /** Of the profile, before the edit. */
  readonly tree: string;
  readonly found: FoundLayer;
  readonly parts: readonly Part[];
  readonly edits: LayerEdits;
  readonly defaults: RenderDefaults;
}

/**
 * Refuses an edit whose files could not be used: what is no YAML, objects that a server would refuse, and objects that
 * stand twice in the profile because of it. What was wrong in other files before does not count, so that a layer can be
 * mended file by file. Throws `edit-invalid` with all that is wrong.
 */
export async function checkEdit(reader: StateReader, edit: CheckedEdit): Promise<void> {
  const { profile, layer, tree, edits, found, parts, defaults } = edit;
  const inProfile = new Map([...edits].map(([path, text]) => [`${layer}/${path}`, text]));
  const after = await reader.git.updateTree(tree, inProfile);
  const was = await renderProfile(reader, profile, tree, defaults);
  const is = await renderProfile(reader, profile, after, defaults);
  const edited = new Set([...edits.keys()].map((path) => `${found.directory}/${path}`));
  const twinsBefore = new Set(findDuplicates(was.steps.flat()).map(({ object }) => object));
  const problems = [
    ...is.problems.filter(({ severity, file = "" }) => severity !== "warning" && edited.has(file)),
    ...findDuplicates(is.steps.flat()).filter(({ object }) => !twinsBefore.has(object)),
    ...(found.type === "manifest" ? [] : unreadable(found.directory, edits)),
  ];
  refuseInvalid(problems.map((problem) => withLineInText(problem, found, parts)));
}

/** What is no YAML in a layer that is not rendered here; a chart's templates need not be. */
function unreadable(directory: string, edits: LayerEdits): Problem[] {
  return [...edits].flatMap(([path, text]) => {
    if (text === null || !isManifestFile(path) || path.split("/").includes("templates")) return [];
    try {
      readStream(text, { file: `${directory}/${path}` });
      return [];
    } catch (error) {
      if (error instanceof EngineError) return [error.toProblem()];
      throw error;
    }
  });
}

/** In a text of several files, where the user looks for a line. */
function withLineInText(problem: Problem, { directory }: FoundLayer, parts: readonly Part[]): Problem {
  const part = parts.find(({ path }) => `${directory}/${path}` === problem.file);
  const { line, hint } = problem;
  const inText = part === undefined || line === undefined ? undefined : lineInText(part, line);
  if (inText === undefined) return problem;
  const where = `it is line ${inText} of the text`;
  return { ...problem, hint: hint === undefined ? where : `${hint}; ${where}` };
}

/** Refuses parts that cannot be a file of their layer. Throws `edit-invalid` with the line in the text. */
export function checkNewFiles(edit: {
  readonly chosen: ChosenFiles;
  readonly parts: readonly Part[];
  readonly edits: LayerEdits;
  readonly now: FoundLayer;
}): void {
  const { chosen, parts, edits, now } = edit;
  const left = now.files.map(({ path }) => path).filter((path) => edits.get(path) !== null);
  const present = new Set([...left, ...parts.map(({ path }) => path)]);
  const known = new Set(chosen.files.map(({ path }) => path));
  for (const { path, at } of parts) {
    if (known.has(path)) continue;
    const message = left.includes(path)
      ? `"${path}" is in the layer already, and not in this text`
      : pathProblem(path, present);
    if (message === undefined) continue;
    throw new EngineError("edit-invalid", message, {
      ...(at === undefined ? {} : { line: at.mark }),
      hint: "begin a new file with a path in the layer, such as `sub/web.yaml`",
    });
  }
}

function pathProblem(path: string, present: ReadonlySet<string>): string | undefined {
  const segments = path.split("/");
  const odd = segments.some((name) => /^(\.{0,2}|\.git)$/i.test(name));
  if (odd || /[\\\p{Cc}\ufffd]/u.test(path)) return `"${path}" cannot be the path of a file`;
  if (!isManifestFile(path)) return `"${path}" does not end in .yaml, .yml or .json, as manifests do`;
  const other = [...present].find((one) => one.startsWith(`${path}/`) || path.startsWith(`${one}/`));
  return other === undefined ? undefined : `"${path}" and "${other}" cannot both be files`;
}
