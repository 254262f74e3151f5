import { MAIN_REF } from "./paths.ts";
import type { Repository } from "./repository.ts";
import type { RepoState } from "./state.ts";

/** The state that main would have if the files of the work tree were committed as they are. */
export async function workTreeState(repo: Repository, signal: AbortSignal): Promise<RepoState> {
  const state = await repo.load(signal);
  const head = await repo.git.resolveCommit("HEAD");
  const tree = await repo.git.workTreeTree();
  const signature = { name: "Strata", email: "strata@localhost", time: 0, zone: 0 };
  const parents = head === undefined ? [] : [head];
  const message = "The work tree as it is\n";
  const commit = await repo.git.writeCommit({
    tree,
    parents,
    author: signature,
    committer: signature,
    message,
  });
  const tip = { oid: commit, type: "commit", peeled: commit, peeledType: "commit" } as const;
  return repo.reader.read(new Map([...state.refs, [MAIN_REF, tip]]));
}
