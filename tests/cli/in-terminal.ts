import { Readable } from "node:stream";
import { runCli } from "../../cli/main.ts";
import type { Fleet } from "./fleet.ts";
import { recordingIo } from "./recording-io.ts";
import { homeEnvironment, type Ran } from "./run-strata.ts";

interface TerminalOptions {
  readonly columns?: number;
  /** What the user types. */
  readonly typed?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `strata` in a repository, in this process, with what is piped into it. */
export async function inPipe({ home, repo }: Fleet, args: readonly string[], stdin = ""): Promise<Ran> {
  const { io, out, err } = recordingIo();
  const env = homeEnvironment(home);
  const code = await runCli(args, { ...io, stdin: Readable.from([stdin]), env, cwd: repo });
  return { code, stdout: out.join(""), stderr: err.join("") };
}

/** Runs `strata` in a repository as if in a terminal. */
export async function inTerminal(
  { home, repo }: Fleet,
  args: readonly string[],
  { columns = 120, typed, env = {} }: TerminalOptions = {},
): Promise<Ran> {
  const { io, out, err } = recordingIo();
  const stdin = Object.assign(io.stdin, { isTTY: true });
  if (typed !== undefined) stdin.push(typed);
  const [stdout, stderr] = [io.stdout, io.stderr].map((stream) => ({ ...stream, isTTY: true, columns }));
  const code = await runCli(args, {
    ...io,
    stdin,
    stdout: stdout ?? io.stdout,
    stderr: stderr ?? io.stderr,
    env: { ...homeEnvironment(home), ...env },
    cwd: repo,
  });
  return { code, stdout: out.join(""), stderr: err.join("") };
}
