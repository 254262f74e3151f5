import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export const BIN: string = new URL("../../cli/bin.ts", import.meta.url).pathname;

/** A folder that is a home of its own: Git identity, caches and engine files stay in it. It goes with the test. */
export async function tempHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "strata-cli-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

export function homeEnvironment(home: string): Record<string, string> {
  const author = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.com" };
  const committer = { GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.com" };
  return { PATH: process.env.PATH ?? "", HOME: home, GIT_CONFIG_NOSYSTEM: "1", ...author, ...committer };
}

/** Starts `strata` as its users do: as a process. */
export function startStrata(args: readonly string[], options: RunOptions) {
  const env = { ...homeEnvironment(options.cwd), ...options.env };
  const child = spawn(process.execPath, [BIN, ...args], { cwd: options.cwd, env, stdio: "pipe" });
  child.stdin.end(options.stdin ?? "");
  return child;
}

/** Runs `strata` to its end. */
export async function strata(args: readonly string[], options: RunOptions): Promise<Ran> {
  const child = startStrata(args, options);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}
