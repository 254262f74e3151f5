import { EngineError } from "../model/errors.ts";
import { hideTexts } from "../yaml/index.ts";
import type { Git, PathChange } from "./git/types.ts";

type Edits = Map<string, string>;

/** Files in which Kubernetes objects stand: of layers, and of overrides. */
const HOLDS_OBJECTS = /^(profiles\/.*|clusters\/[^/]+\/overrides\/.*)\.(ya?ml|json)$/i;
const UNREADABLE = "(not shown: it cannot be read, and may hold values of Secrets)\n";

/** The unified diff from one tree to another, without the values of Secrets; those that differ are marked. */
export async function safePatch(
  git: Git,
  from: string | null,
  to: string,
  paths: readonly string[] = [],
): Promise<string> {
  const before: Edits = new Map();
  const after: Edits = new Map();
  for (const change of await git.diff(from, to)) {
    if (!HOLDS_OBJECTS.test(change.path)) continue;
    const texts = await readBoth(git, change);
    if (!texts.some((text) => text?.includes("Secret"))) continue;
    const hidden = hide(texts[0] ?? "", texts[1] ?? "");
    if (texts[0] !== undefined) before.set(change.path, hidden.before);
    if (texts[1] !== undefined) after.set(change.path, hidden.after);
  }
  return git.patch(await withTexts(git, from, before), await withTexts(git, to, after), paths);
}

async function readBoth(
  git: Git,
  { from, to }: PathChange,
): Promise<readonly [string | undefined, string | undefined]> {
  const read = async (oid: string | undefined) => {
    const object = oid === undefined ? undefined : await git.readObject(oid);
    return object?.type === "blob" ? object.data.toString("utf8") : undefined;
  };
  return [await read(from), await read(to)];
}

function hide(before: string, after: string): { readonly before: string; readonly after: string } {
  try {
    return hideTexts(before, after);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { before: UNREADABLE, after: `${UNREADABLE}(changed)\n` };
  }
}

/** A tree with other texts in it, which no ref leads to. */
async function withTexts(git: Git, tree: string | null, texts: Edits): Promise<string | null> {
  return texts.size === 0 ? tree : git.updateTree(tree, texts);
}
