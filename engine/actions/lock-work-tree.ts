import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineError, type Problem } from "../model/errors.ts";
import type { ChangeResult } from "../repo/change.ts";
import { completeLocks } from "../fleet/complete-locks.ts";
import { createRenderer } from "../fleet/render-cluster.ts";
import type { Repository } from "../repo/repository.ts";
import { workTreeState } from "../repo/work-tree-state.ts";
import { describeLocked } from "./describe-locked.ts";
import { outcomeLines } from "./outcomes.ts";

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
  const renderer = createRenderer(repo.reader);
  const { edits, locked, problems } = await completeLocks(
    { reader: repo.reader, renderer, state },
    { relocks: true },
  );
  for (const [path, text] of edits) {
    const file = join(root, path);
    const before = await readFile(file, "utf8").catch(() => undefined);
    if (before !== text) await writeFile(file, text);
  }
  await repo.git.stage([...edits.keys()]);
  const clusters = [...edits.keys()].map((path) => path.split("/")[1] ?? path);
  // What does not fit is among the warnings
  const outcomes = locked.map((one) => describeLocked({ ...one, problems: [] }));
  const staged = edits.size > 0 ? ["staged; commit them with your change"] : [];
  const notes = edits.size === 0 && problems.length === 0 ? ["every lock is complete"] : staged;
  return {
    commit: null,
    diff: "",
    refs: [],
    plans: [],
    subject: "Lock the work tree",
    notes: [...outcomeLines(outcomes), ...notes],
    clusters,
    warnings: problems.map(inWorkTree),
  };
}

/** What a command would do to main's tip, a user does here to a file. */
function inWorkTree(problem: Problem): Problem {
  if (problem.code !== "override-orphaned" || problem.file === undefined) return problem;
  return {
    ...problem,
    hint: `take it out of ${problem.file}, or edit it there; then say \`strata lock\` again`,
  };
}
