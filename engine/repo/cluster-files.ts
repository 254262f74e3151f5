import { EngineError } from "../model/errors.ts";
import type { Git } from "./git/types.ts";

/** Files and directories below one tree; equal subtrees let a few objects of Git name any number of them. */
const MAX_ENTRIES = 200_000;

/**
 * Every file below a tree by its path in it. Submodules and symbolic links come with their mode for the caller to
 * refuse. Throws `tree-too-large`, and `path-refused` for names that lead out of their directory.
 */
export async function listTree(git: Git, tree: string): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  const open = [{ oid: tree, prefix: "" }];
  let entries = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { path: name, oid, mode, type } of await git.readTree(next.oid)) {
      const path = `${next.prefix}${name}`;
      if (isOutside(name)) {
        const message = `"${path}" cannot be the path of a file`;
        throw new EngineError("path-refused", message, { hint: "take it out of the tree" });
      }
      if (++entries > MAX_ENTRIES) {
        const message = `the directory holds more than ${MAX_ENTRIES} files and directories`;
        throw new EngineError("tree-too-large", message, { hint: "take out what does not belong there" });
      }
      if (type === "tree") open.push({ oid, prefix: `${path}/` });
      else files.push({ path, oid, mode });
    }
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Names that Git itself never commits, but that a tree pushed by other tools can hold. */
function isOutside(name: string): boolean {
  return name === "" || name === "." || name === ".." || name.includes("/") || /^\.git$/i.test(name);
}

export interface TreeFile {
  readonly path: string;
  readonly oid: string;
  readonly mode: string;
}

/**
 * The edits that make directory `to` hold exactly what tree `wanted` holds; `present` is the tree that is there now.
 */
export async function replaceDirectory(
  git: Git,
  to: string,
  wanted: string | undefined,
  present: string | undefined,
): Promise<Map<string, Uint8Array | null>> {
  const edits = new Map<string, Uint8Array | null>();
  for (const file of present === undefined ? [] : await listTree(git, present))
    edits.set(`${to}/${file.path}`, null);
  for (const file of wanted === undefined ? [] : await listTree(git, wanted)) {
    edits.set(`${to}/${file.path}`, await git.readBlob(file.oid));
  }
  return edits;
}
