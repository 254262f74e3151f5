import { EngineError } from "../../model/errors.ts";
import { type GitRunner, redactUrls } from "./exec.ts";
import { contactRemote, isDenied, remoteProblem } from "./remote-problem.ts";
import type { RefUpdate } from "./types.ts";

const LOST =
  /fetch first|non-fast-forward|stale info|failed to update ref|cannot lock ref|reference already exists|incorrect old value provided|failed to lock/i;

/** Pushes all refs or none: branches by fast-forward, tags only from where they were planned from. */
export async function pushAtomic(
  run: GitRunner,
  dir: string,
  remote: string,
  updates: readonly RefUpdate[],
  signal: AbortSignal,
): Promise<void> {
  const moving = updates.filter(({ from, to }) => from !== to);
  if (moving.length === 0) return;
  const leases = moving.filter(({ ref, to }) => !ref.startsWith("refs/heads/") || to === null);
  const args = [
    "--git-dir",
    dir,
    "push",
    "--atomic",
    "--porcelain",
    "--no-verify",
    "--no-follow-tags",
    ...leases.map(({ ref, from }) => `--force-with-lease=${ref}:${from ?? ""}`),
    remote,
    ...moving.map(({ ref, to }) => `${to ?? ""}:${ref}`),
  ];
  const result = await contactRemote(run, remote, args, { signal, deadline: 120_000 });
  if (result.code !== 0) throw describePush(remote, `${result.stdout.toString("utf8")}\n${result.stderr}`);
}

function describePush(remote: string, output: string): EngineError {
  if (LOST.test(output)) {
    return new EngineError("ref-race", `${remote} was moved by someone else at the same moment`, {
      retryable: true,
    });
  }
  // It was fetched from a moment ago: what is denied is the push alone.
  return (isDenied(output) ? undefined : remoteProblem(remote, output)) ?? pushRefused(remote, output);
}

function pushRefused(remote: string, output: string): EngineError {
  const said = redactUrls(output)
    .split("\n")
    .filter((line) => /^(remote:|!|error:|fatal:|.*\b(denied|read.only)\b)/i.test(line.trim()))
    .join("\n")
    .trim();
  return new EngineError("push-refused", `${remote} refused the push:\n${said}`, {
    hint: "a protected branch, a hook or a read-only key says no: ask for the right to push, or work through a pull request",
  });
}
