import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { gitEnv, tempDir } from "../support/temp-git.ts";

const BIN = join(import.meta.dirname, "../../cli/bin.ts");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `strata` as a user runs it: a process of its own, with a home folder of its own. */
export interface Cli {
  /** The program that Node runs. */
  readonly bin: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Any exit code. */
  run(args: readonly string[], options?: { readonly cwd?: string; readonly input?: string }): Promise<Ran>;
  /** Must end with 0. */
  ok(args: readonly string[], options?: { readonly cwd?: string; readonly input?: string }): Promise<string>;
  json<T>(args: readonly string[], options?: { readonly cwd?: string }): Promise<T>;
}

export function createCli(home: string, cwd: string, bin: string = BIN): Cli {
  const env = {
    ...gitEnv(),
    HOME: home,
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_STATE_HOME: join(home, "state"),
  };
  const run: Cli["run"] = (args, options = {}) =>
    new Promise((resolve) => {
      const settings = { cwd: options.cwd ?? cwd, env, timeout: 110_000, maxBuffer: 1 << 26 };
      const child = execFile(process.execPath, [bin, ...args], settings, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr });
      });
      child.stdin?.end(options.input ?? "");
    });
  const ok: Cli["ok"] = async (args, options) => {
    const ran = await run(args, options);
    if (ran.code !== 0)
      throw new Error(`strata ${args.join(" ")} ended with ${ran.code}\n${ran.stdout}\n${ran.stderr}`);
    return ran.stdout;
  };
  return {
    bin,
    home,
    env,
    run,
    ok,
    json: async (args, options) => JSON.parse(await ok([...args, "-o", "json"], options)),
  };
}

/** A repository as `strata init` makes it, and the CLI in it. */
export async function initFleet(): Promise<{
  readonly home: string;
  readonly fleet: string;
  readonly cli: Cli;
}> {
  const home = await tempDir();
  const fleet = join(home, "fleet");
  const cli = createCli(home, fleet);
  await cli.ok(["init", fleet], { cwd: home });
  return { home, fleet, cli };
}

/** Runs a command until it says something on stderr, and then interrupts it. */
export async function interrupted(
  cli: Cli,
  cwd: string,
  args: readonly string[],
  said: string,
): Promise<Omit<Ran, "stdout">> {
  const child = spawn(process.execPath, [cli.bin, ...args], { cwd, env: cli.env, stdio: "pipe" });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  let isInterrupted = false;
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
    if (isInterrupted || !stderr.includes(said)) return;
    // Once: a second signal may come when the process no longer handles any
    isInterrupted = child.kill("SIGINT");
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? -1, stderr };
}

export interface Serving {
  readonly process: ChildProcess;
  readonly stderr: () => string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `strata serve`, from the line that says where it listens until it is stopped or the test ends. */
export async function startServe(cli: Cli, cwd: string, args: readonly string[]): Promise<Serving> {
  const child = spawn(process.execPath, [cli.bin, "serve", ...args], {
    cwd,
    env: cli.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const closed = once(child, "close");
  const stop: Serving["stop"] = async (signal = "SIGTERM") => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await closed;
    return child.exitCode;
  };
  onTestFinished(async () => void (await stop("SIGKILL")));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      if (/http:\/\//.test(stdout)) resolve();
    });
    child.once("close", () => reject(new Error(`strata serve ended: ${stderr}`)));
  });
  return { process: child, stderr: () => stderr, stop };
}
