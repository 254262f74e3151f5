import { EngineError } from "../../model/errors.ts";
import { type GitRunner, redactUrls } from "./exec.ts";
import type { RefUpdate } from "./types.ts";

const LOST =
  /fetch first|non-fast-forward|stale info|failed to update ref|cannot lock ref|reference already exists|incorrect old value provided|failed to lock/i;
const NETWORK =
  /could not resolve|unable to access|connection (?:refused|reset|timed out)|could not read from remote|early eof|unexpected disconnect|hung up/i;
const ACCESS =
  /authentication failed|permission denied|could not read username|invalid username or password|403|401/i;

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
  const result = await run(args, { signal, deadline: 120_000 });
  if (result.code !== 0) throw describePush(remote, `${result.stdout.toString("utf8")}\n${result.stderr}`);
}

function describePush(remote: string, output: string): EngineError {
  if (LOST.test(output)) {
    return new EngineError("ref-race", `${remote} was moved by someone else at the same moment`, {
      retryable: true,
    });
  }
  return networkProblem(remote, output) ?? pushRefused(remote, output);
}

function pushRefused(remote: string, output: string): EngineError {
  const said = redactUrls(output)
    .split("\n")
    .filter((line) => /^(remote:|!|error:|fatal:)/.test(line.trim()))
    .join("\n")
    .trim();
  return new EngineError("push-refused", `${remote} refused the push:\n${said}`, {
    hint: "a protected branch or a hook there says no: ask for the right to push, or work through a pull request",
  });
}

/** What a failed contact with a remote means; undefined where the remote answered. */
export function networkProblem(remote: string, output: string): EngineError | undefined {
  const said = redactUrls(output).trim().split("\n").slice(-3).join(" ");
  if (ACCESS.test(output)) {
    return new EngineError("remote-access-denied", `${remote} does not let us in: ${said}`, {
      hint: "set up a credential helper or an SSH key as for plain git",
    });
  }
  if (!NETWORK.test(output)) return undefined;
  return new EngineError("remote-unreachable", `${remote} cannot be reached: ${said}`, {
    retryable: true,
    hint: "it is tried again",
  });
}
