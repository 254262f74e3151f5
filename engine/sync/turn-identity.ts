import type { TurnIdentity } from "../apply/turn/turn-keeper.ts";
import type { Git } from "../repo/git/types.ts";
import { Recent } from "../repo/recent.ts";

/** So many of Git's answers are remembered. */
const MOST = 2_000;
const COMMIT = /^[0-9a-f]{40}$/;

/**
 * What an engine brings to its turns. Which commit comes before which is asked of Git and remembered: it never changes.
 * @param isTip looks at the repository again: whether main is at this commit
 */
export function turnIdentity(
  engine: string,
  git: Pick<Git, "isAncestor">,
  isTip: (commit: string) => Promise<boolean>,
): TurnIdentity {
  const answers = new Recent<boolean>(MOST);
  const isAncestor = async (ancestor: string, commit: string): Promise<boolean> => {
    if (!COMMIT.test(ancestor) || !COMMIT.test(commit)) return false;
    const key = `${ancestor} ${commit}`;
    const answer = answers.get(key) ?? (await git.isAncestor(ancestor, commit));
    answers.set(key, answer);
    return answer;
  };
  return { engine, isAncestor, isTip };
}
