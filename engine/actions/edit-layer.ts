import { EngineError } from "../model/errors.ts";
import { layerText } from "../plan/layer-files.ts";
import { takenApart } from "../plan/read-edited.ts";
import type { Change, ChangeOptions, ChangeResult } from "../repo/change.ts";
import type { TreeFile } from "../repo/cluster-files.ts";
import { commitChange } from "../repo/commit-change.ts";
import type { Git } from "../repo/git/types.ts";
import type { Repository } from "../repo/repository.ts";
import { type Part, splitParts } from "../yaml/index.ts";
import { checkEdit, checkNewFiles } from "./check-edit.ts";
import {
  type ChosenFiles,
  chooseFiles,
  findLayer,
  type FoundLayer,
  type LayerFile,
  placeOf,
  readTexts,
} from "./find-layer.ts";

export interface LayerText {
  /** The file as it is; of several, each behind a comment with its path (see `joinFiles`). */
  readonly text: string;
  /** What the text is of, by path in the repository. */
  readonly files: readonly string[];
  /** The profile's Git tree that it was read from; an edit says that it began there. */
  readonly tree: string;
}

/**
 * Reads a file of a layer, or all its manifests as one text, from where the version is edited. Values of Secrets stand
 * in it. Throws `layer-unknown`, `file-unknown`, `file-ambiguous`, `path-refused`, `file-not-utf8`.
 */
export async function readLayer(
  repo: Repository,
  args: LayerFile,
  { signal }: { readonly signal: AbortSignal },
): Promise<LayerText> {
  const { tree } = placeOf(await repo.load(signal), args);
  const found = await findLayer(repo.git, args, tree);
  const { files } = chooseFiles(found, args);
  const texts = await readTexts(repo.git, found.directory, files);
  return { text: layerText(texts), files: files.map(({ path }) => `${found.directory}/${path}`), tree };
}

/**
 * Edits a layer in place: the version's next revision. `content` is a new text as {@link readLayer} gives it, `base` the
 * tree that it was read from; files that it does not change stay as they are now. Throws what reading throws,
 * `edit-unchanged`, `edit-invalid` with all that is wrong, and `change-conflict` where a file that it changes was
 * changed since.
 */
export function editLayer(
  repo: Repository,
  args: LayerFile & { readonly content: string; readonly base?: string | undefined },
  options: ChangeOptions,
): Promise<ChangeResult> {
  let { base } = args;
  return commitChange(
    repo,
    async (state): Promise<Change> => {
      const place = placeOf(state, args);
      // Planned again after a lost race, the edit is still one of what was there at first.
      const from = (base ??= place.tree);
      const seen = await findLayer(repo.git, args, from);
      const now = from === place.tree ? seen : await findLayer(repo.git, args, place.tree);
      const chosen = chooseFiles(seen, args);
      const parts = await takeApart(repo.git, seen, chosen, args);
      const edits = await editsOf(repo.git, { chosen, parts, seen, now });
      if (edits.size === 0) throw unchanged();
      checkNewFiles({ chosen, parts, edits, now });
      const defaults = state.snapshot.settings.spec;
      await checkEdit(repo.reader, { ...args, tree: place.tree, found: now, parts, edits, defaults });
      return {
        edits: new Map([...edits].map(([path, text]) => [`${now.directory}/${path}`, text])),
        subject: `Edit ${args.layer} of ${args.profile}@${args.version}`,
        trailers: [["Strata-Profile", `${args.profile}@${args.version}`]],
        clusters: [],
        notes: notesOf(edits, now),
        ...(place.branch === undefined ? {} : { branch: place.branch }),
      };
    },
    options,
  );
}

async function takeApart(
  git: Git,
  { type, directory }: FoundLayer,
  { files, whole }: ChosenFiles,
  { content }: { readonly content: string },
): Promise<readonly Part[]> {
  const named = files.map(({ path }): Part => ({ path, text: content, at: undefined }));
  const kept = type !== "manifest" || content.trim() !== "" ? named : [];
  const texts = whole ? await readTexts(git, directory, files) : [];
  const parts = whole ? takenApart(() => splitParts(texts, content)) : kept;
  if (parts.length > 0) return parts;
  throw new EngineError("edit-invalid", "nothing is left in the text", {
    hint:
      "leave a comment in a file that is to stay; a file goes where its part of the whole layer's text goes, " +
      "a layer where profile.yaml no longer lists it",
  });
}

interface Edit {
  readonly chosen: ChosenFiles;
  readonly parts: readonly Part[];
  /** The layer that the user had before the eyes. */
  readonly seen: FoundLayer;
  readonly now: FoundLayer;
}

/** What the edit changes, by path in the layer; null for a file that goes. Throws `change-conflict`. */
async function editsOf(
  git: Git,
  { chosen, parts, seen, now }: Edit,
): Promise<ReadonlyMap<string, string | null>> {
  const wanted = new Map<string, string | null>(chosen.files.map(({ path }) => [path, null]));
  for (const { path, text } of parts) wanted.set(path, text);
  const edits = new Map<string, string | null>();
  for (const [path, text] of wanted) {
    const before = seen.files.find((file) => file.path === path);
    const current = now.files.find((file) => file.path === path);
    if ((await holds(git, before, text)) || (await holds(git, current, text))) continue;
    if (before?.oid !== current?.oid) throw conflict(`${now.directory}/${path}`);
    edits.set(path, text);
  }
  return edits;
}

async function holds(git: Git, file: TreeFile | undefined, text: string | null): Promise<boolean> {
  if (file === undefined || text === null) return file === undefined && text === null;
  return Buffer.from(text, "utf8").equals(await git.readBlob(file.oid));
}

function notesOf(edits: ReadonlyMap<string, string | null>, { directory, files }: FoundLayer): string[] {
  const known = new Set(files.map(({ path }) => path));
  return [...edits].flatMap(([path, text]) => {
    if (text !== null && known.has(path)) return [];
    return [`${text === null ? "removed" : "new"} file ${directory}/${path}`];
  });
}

function unchanged(): EngineError {
  return new EngineError("edit-unchanged", "the text is as the version has it: nothing to change");
}

function conflict(file: string): EngineError {
  return new EngineError("change-conflict", `${file} was changed by someone else while you edited it`, {
    file,
    hint: "look at what it is now, and bring both together",
  });
}
