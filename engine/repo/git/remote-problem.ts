import { EngineError } from "../../model/errors.ts";
import { type ExecOptions, type ExecResult, type GitRunner, redactUrls } from "./exec.ts";

const UNTRUSTED = /host key verification failed|remote host identification has changed/i;
const DENIED =
  /authentication failed|permission denied|permission to \S+ denied|marked as read.only|access denied|repository not found|could not read username|invalid username or password|returned error: 40[13]\b/i;
const UNREACHABLE =
  /could not resolve|unable to access|connection (?:refused|reset|timed out)|could not read from remote|early eof|unexpected disconnect|hung up/i;
const NO_MAIN = /couldn't find remote ref refs\/heads\/main/i;
/** What Git adds to every failure of SSH. */
const BOILERPLATE = /^(Please make sure you have the correct access rights|and the repository exists\.|)$/;

/** Runs Git where it talks to a remote; any exit code. Throws `remote-unreachable` where no answer comes in time. */
export async function contactRemote(
  run: GitRunner,
  remote: string,
  args: readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  try {
    return await run(args, options);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== "git-timeout") throw error;
    throw unreachable(remote, "it does not answer");
  }
}

/** Whether a remote answered, and said that we may not. */
export function isDenied(output: string): boolean {
  return DENIED.test(output) && !UNTRUSTED.test(output);
}

/** What a failed contact with a remote means; undefined where the output tells nothing of the contact. */
export function remoteProblem(remote: string, output: string): EngineError | undefined {
  const said = wordsOf(output);
  if (UNTRUSTED.test(output)) {
    return new EngineError(
      "remote-untrusted",
      `${remote} has an SSH host key that is not known here: ${said}`,
      {
        hint: "connect once with plain ssh, compare the fingerprint and accept it, as the user that runs Strata",
      },
    );
  }
  if (isDenied(output)) {
    return new EngineError("remote-access-denied", `${remote} does not let us in: ${said}`, {
      hint: "set up access as for plain git: a credential helper, or an SSH key (in an agent if it has a passphrase: nothing is asked here)",
    });
  }
  if (NO_MAIN.test(output)) {
    return new EngineError("remote-without-main", `${remote} has no branch main any more`, {
      retryable: true,
      hint: "clusters stay as they are: push main again, or check that the URL is that of the repository",
    });
  }
  return UNREACHABLE.test(output) ? unreachable(remote, said) : undefined;
}

/** Codes of the errors after which nothing is known of what the remote says now. */
export const REMOTE_UNREAD: ReadonlySet<string> = new Set([
  "remote-access-denied",
  "remote-unreachable",
  "remote-untrusted",
  "remote-without-main",
]);

function unreachable(remote: string, why: string): EngineError {
  return new EngineError("remote-unreachable", `${remote} cannot be reached: ${why}`, {
    retryable: true,
    hint: "check the URL and the network; a running engine tries again by itself",
  });
}

function wordsOf(output: string): string {
  const lines = redactUrls(output)
    .split("\n")
    .map((line) => line.trim());
  return lines
    .filter((line) => !BOILERPLATE.test(line))
    .slice(-3)
    .join(" ");
}
