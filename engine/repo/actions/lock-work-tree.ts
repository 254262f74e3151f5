import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "../../model/errors.ts";
import type { ChangeResult } from "../change.ts";
import { missingLocks, relockedClusters } from "../locks/fill-locks.ts";
import type { Repository } from "../repository.ts";
import type { RepoState } from "../state.ts";
import { MAIN_REF } from "../paths.ts";

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

/**
 * Writes missing and unfitting locks into the work tree and stages them, from the files as they are: for people who
 * edit by hand and commit by themselves.
 */
export async function lockWorkTree(
  repo: Repository,
  options: { signal: AbortSignal },
): Promise<ChangeResult> {
  const root = repo.git.workTree;
  if (root === undefined) {
    throw new EngineError("work-tree-missing", "a bare repository has no files to lock", {
      hint: "strata lock --commit",
    });
  }
  const state = await workTreeState(repo, options.signal);
  const missing = await missingLocks(repo.reader, state);
  const relocked = await relockedClusters(repo.reader, state);
  const edits = new Map([...missing, ...relocked.edits]);
  for (const [path, text] of edits) {
    const file = join(root, path);
    const before = await readFile(file, "utf8").catch(() => undefined);
    if (before !== text) await writeFile(file, text);
  }
  await repo.git.stage([...edits.keys()]);
  const clusters = [...edits.keys()].map((path) => path.split("/")[1] ?? path);
  const notes = edits.size === 0 ? ["every lock is complete"] : ["staged; commit them with your change"];
  return {
    commit: null,
    diff: "",
    refs: [],
    subject: "Lock the work tree",
    notes,
    clusters,
    warnings: relocked.problems,
  };
}
