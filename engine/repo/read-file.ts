import { EngineError, type Problem } from "../model/errors.ts";
import type { Git, TreeEntry } from "./git/types.ts";

const MODES: Readonly<Record<string, string>> = {
  "040000": "a directory",
  "120000": "a symbolic link",
  "160000": "a submodule",
};

/** Why an entry of a tree is not read as a file; undefined for plain files. `file` is its path in the repository. */
function refusedEntry({ mode }: TreeEntry, file: string): Problem | undefined {
  const what = MODES[mode];
  if (what === undefined) return undefined;
  const message = `${what} stands where a file should, and is not followed`;
  return { code: "path-refused", message, file, hint: "commit the file itself", severity: "error" };
}

/** The bytes of a plain file, or why they are not read; `file` is its path in the repository. */
export async function readFile(git: Git, entry: TreeEntry, file: string): Promise<Buffer | Problem> {
  const refused = refusedEntry(entry, file);
  if (refused !== undefined) return refused;
  try {
    return await git.readBlob(entry.oid);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "object-too-large") throw error;
    return { ...error.toProblem(), file, hint: "take the file out, or split it" };
  }
}
