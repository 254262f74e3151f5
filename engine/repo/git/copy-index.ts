import { copyFile, stat, utimes } from "node:fs/promises";

/**
 * Copies an index with its age: Git looks into a file that is as young as its index, and takes an older one for what it
 * was. A repository without a first commit has no index, and nothing is copied.
 * Rule: https://git-scm.com/docs/racy-git
 */
export async function copyIndex(index: string, copy: string): Promise<void> {
  try {
    const { atime, mtimeMs } = await stat(index);
    await copyFile(index, copy);
    // Whole milliseconds, down: too old costs a second look, too young hides an edit.
    await utimes(copy, atime, Math.floor(mtimeMs) / 1000);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}
