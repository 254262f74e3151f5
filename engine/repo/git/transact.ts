import { EngineError } from "../../model/errors.ts";
import { gitFailed, type GitRunner } from "./exec.ts";
import type { RefUpdate } from "./types.ts";
import { withCheckouts } from "./worktrees.ts";

const ZERO = "0".repeat(40);

/**
 * Moves all refs or none by one `git update-ref` transaction. Where a branch is checked out its files move first,
 * and move back if the refs do not.
 */
export function transact(
  run: GitRunner,
  dir: string,
  updates: readonly RefUpdate[],
  signal: AbortSignal,
): Promise<void> {
  return withCheckouts(run, dir, updates, signal, () => updateRefs(run, dir, updates, signal));
}

/** What keeps Git from taking a lock that nobody else holds. */
const CANNOT_WRITE =
  /Permission denied|Read-only file system|No space left|quota exceeded|File too large|Input\/output error/i;

/** Moves all refs or none, files left alone. Throws `ref-race`, `ref-name-taken`, `disk-full`. */
export async function updateRefs(
  run: GitRunner,
  dir: string,
  updates: readonly RefUpdate[],
  signal: AbortSignal,
): Promise<void> {
  if (updates.length === 0) return;
  const zero = updates.some(({ from, to }) => (from ?? to ?? "").length === 64) ? "0".repeat(64) : ZERO;
  const commands = updates.map(({ ref, from, to }) => {
    if (from === to) return `verify ${ref}\0${from ?? zero}\0`;
    if (to === null) return `delete ${ref}\0${from ?? zero}\0`;
    return `update ${ref}\0${to}\0${from ?? zero}\0`;
  });
  const input = ["start\0", ...commands, "prepare\0", "commit\0"].join("");
  const args = ["--git-dir", dir, "update-ref", "-m", "strata", "--stdin", "-z"];
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    // Not to be stopped half-way: whether the refs moved decides whether files move back.
    const result = await run(args, { input });
    if (result.code === 0) return;
    const locked = /(Unable to create .*\.lock|cannot lock ref ).*File exists/s.test(result.stderr);
    // A lock that another writer holds for an instant: whether the race is lost shows at the next try.
    if (locked && attempt < 20) continue;
    throw refusal(args, result.stderr, locked);
  }
}

function refusal(args: readonly string[], stderr: string, locked: boolean): EngineError {
  const blocked =
    /cannot lock ref '([^']+)': '([^']+)' exists; cannot create/.exec(stderr) ??
    /'([^']+)' exists; cannot create '([^']+)'/.exec(stderr) ??
    /cannot process '([^']+)' and '([^']+)' at the same time/.exec(stderr);
  if (blocked !== null) {
    const names = blocked.slice(1, 3).join(" and ");
    return new EngineError("ref-name-taken", `Git cannot hold ${names} side by side`, {
      hint: "rename or delete the one in the way",
    });
  }
  const raced = /cannot lock ref '([^']+)'/.exec(stderr);
  if ((raced !== null && !CANNOT_WRITE.test(stderr)) || locked) {
    return new EngineError(
      "ref-race",
      `${raced?.[1] ?? "a ref"} was moved by someone else at the same moment`,
      { retryable: true },
    );
  }
  return gitFailed(args, stderr);
}
