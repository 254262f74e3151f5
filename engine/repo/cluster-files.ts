import type { Git } from "./git/types.ts";

/** Every file below a tree by its path in it. Submodules and symbolic links come with their mode for the caller to refuse. */
export async function listTree(git: Git, tree: string, prefix = ""): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  for (const entry of await git.readTree(tree)) {
    const path = prefix === "" ? entry.path : `${prefix}/${entry.path}`;
    if (entry.type === "tree") files.push(...(await listTree(git, entry.oid, path)));
    else files.push({ path, oid: entry.oid, mode: entry.mode });
  }
  return files;
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
