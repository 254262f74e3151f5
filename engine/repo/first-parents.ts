import type { Git } from "./git/types.ts";

/** So many commits are walked before the whole history is asked for instead. */
const MOST = 1_000;

/**
 * The commits that a branch gained, newest first: from `tip` along first parents until `before`, which is not among
 * them. Undefined where `before` does not stand on that line, or too far down.
 */
export async function firstParentsSince(
  git: Git,
  tip: string,
  before: string,
): Promise<readonly string[] | undefined> {
  const gained: string[] = [];
  for (let commit: string | undefined = tip; commit !== before; ) {
    if (commit === undefined || gained.length === MOST) return undefined;
    // A shallow clone ends before its history does
    if ((await git.readObject(commit)) === undefined) return undefined;
    gained.push(commit);
    commit = (await git.readCommit(commit)).parents[0];
  }
  return gained;
}
