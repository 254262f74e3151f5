import { type ChildProcess, spawn } from "node:child_process";
import { EngineError } from "../../model/errors.ts";
import { diskFull } from "./disk-full.ts";

export interface ExecOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; 60 s by default. */
  readonly deadline?: number;
}

export interface ExecResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** What to do where objects are broken. */
export const FSCK = "git fsck tells what is broken";

const MAX_OUTPUT = 512 * 1024 * 1024;

/** What Git may see of the environment: enough for SSH, proxies and credential helpers as users have them. */
const KEPT =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|XDG_.*|SSH_.*|GIT_SSH.*|GIT_ASKPASS|GIT_AUTHOR_.*|GIT_COMMITTER_.*|GIT_CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|HTTPS?_PROXY|https?_proxy|NO_PROXY|no_proxy|GNUPGHOME|SystemRoot|APPDATA|USERPROFILE)$/;

const SETTINGS = [
  "gc.auto=0",
  "maintenance.auto=false",
  "core.fsmonitor=false",
  "protocol.ext.allow=never",
  "advice.detachedHead=false",
  // A remote that sends nothing for so many seconds is gone; those that work on it send a sign of life every five
  "http.lowSpeedLimit=1",
  "http.lowSpeedTime=30",
];

/** The part of an environment that Git calls get, with prompts and translations off. */
export function gitEnvironment(from: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const env: Record<string, string> = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_OPTIONAL_LOCKS: "0" };
  for (const [name, value] of Object.entries(from))
    if (value !== undefined && KEPT.test(name)) env[name] = value;
  return env;
}

export type GitRunner = (args: readonly string[], options?: ExecOptions) => Promise<ExecResult>;

/** A runner of the system's Git in one environment. It resolves with any exit code; `git-missing` and `git-timeout` are thrown. */
export function createRunner(environment: Readonly<Record<string, string>>): GitRunner {
  return (args, options = {}) =>
    run([...SETTINGS.flatMap((setting) => ["-c", setting]), ...args], environment, options);
}

function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  options: ExecOptions,
): Promise<ExecResult> {
  const timeout = AbortSignal.timeout(options.deadline ?? 60_000);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, {
      cwd: options.cwd,
      env: { ...environment, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      // A group and a session of its own: programs that Git starts find no terminal to ask on, and end with it.
      detached: true,
    });
    const abort = () => {
      // What ended before its abort has its own result.
      if (!endGroup(child)) return;
      reject(describeFailure(signal.reason, args, timeout, options.signal));
    };
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_OUTPUT) stdout.push(chunk);
      else endGroup(child);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (stderr.length < 1000) stderr.push(chunk);
    });
    child.on("error", (error) => reject(describeFailure(error, args, timeout, options.signal)));
    child.on("close", (code) => {
      signal.removeEventListener("abort", abort);
      resolve({
        code: code ?? -1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString("utf8"),
      });
    });
    // Git may end before it has read everything: its exit code tells, not the pipe.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input);
  });
}

/** Ends Git with what it started: ssh, remote helpers. False where Git had ended before. */
function endGroup(child: ChildProcess): boolean {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false;
  try {
    return process.kill(-child.pid);
  } catch {
    // This system has no process groups.
    return child.kill();
  }
}

function describeFailure(
  error: unknown,
  args: readonly string[],
  timeout: AbortSignal,
  asked: AbortSignal | undefined,
): unknown {
  if (asked?.aborted === true) return asked.reason;
  const command = commandOf(args);
  if (timeout.aborted)
    return new EngineError("git-timeout", `git ${command} took too long`, { retryable: true });
  if (error instanceof Error && "code" in error && error.code === "ENOENT") {
    return new EngineError("git-missing", "the program git was not found", {
      hint: "install Git 2.39 or newer",
      cause: error,
    });
  }
  return new EngineError("git-failed", `git ${command} could not be started: ${String(error)}`, {
    cause: error,
  });
}

const TAKES_VALUE: ReadonlySet<string> = new Set(["-c", "-C", "--git-dir"]);

function commandOf(args: readonly string[]): string {
  return args.find((arg, index) => !arg.startsWith("-") && !TAKES_VALUE.has(args[index - 1] ?? "")) ?? "";
}

/** The output of a call that must end with code 0; throws `git-failed` with Git's words otherwise, or `disk-full`. */
export async function expectOutput(
  runner: GitRunner,
  args: readonly string[],
  options: ExecOptions = {},
): Promise<Buffer> {
  const result = await runner(args, options);
  if (result.code !== 0) throw gitFailed(args, result.stderr);
  return result.stdout;
}

const BROKEN = /corrupt|packfile|bad object|missing object|unable to (?:read|unpack|stream)/i;

/** Git's refusal as an error, `disk-full` or `git-failed`; credentials in URLs are blanked. */
export function gitFailed(args: readonly string[], stderr: string): EngineError {
  const full = diskFull(stderr, "the repository");
  if (full !== undefined) return full;
  return new EngineError(
    "git-failed",
    `git ${commandOf(args)}: ${redactUrls(stderr.trim()) || "failed without a word"}`,
    BROKEN.test(stderr) ? { hint: FSCK } : {},
  );
}

export function redactUrls(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]+@/gi, "$1***@");
}
