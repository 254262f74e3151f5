import { EngineError } from "../../model/errors.ts";
import { diskFull } from "./disk-full.ts";
import { type GitRunner, redactUrls } from "./exec.ts";
import { contactRemote, remoteProblem } from "./remote-problem.ts";
import { TRACKING } from "./remote-refs.ts";

export interface FetchOptions {
  readonly run: GitRunner;
  readonly dir: string;
  readonly remote: string;
  /** Whether the remote had a main when it was last fetched. */
  readonly hadMain: boolean;
  readonly signal: AbortSignal;
}

const FLAGS = [
  "--quiet",
  "--atomic",
  "--no-tags",
  "--prune",
  "--no-write-fetch-head",
  "--no-recurse-submodules",
];

/**
 * Makes the tracked refs say what the remote says now: all of them, or none where that fails. Throws
 * `remote-unreachable`, `remote-access-denied`, `remote-untrusted`, `remote-without-main`, `disk-full`.
 */
export async function fetchRemote({ run, dir, remote, hadMain, signal }: FetchOptions): Promise<void> {
  // Named, it must be there: what answers in place of the remote may have no refs, and all would be pruned
  const names = ["heads/*", "tags/*", ...(hadMain ? ["heads/main"] : [])];
  const specs = names.map((name) => `+refs/${name}:${TRACKING}${name}`);
  const args = ["--git-dir", dir, "fetch", ...FLAGS, remote, ...specs];
  const result = await contactRemote(run, remote, args, { signal, deadline: 300_000 });
  if (result.code === 0) return;
  const said = redactUrls(result.stderr.trim());
  throw (
    diskFull(said, dir) ??
    remoteProblem(remote, said) ??
    new EngineError("remote-unreachable", `${remote}: ${said}`, { retryable: true })
  );
}
