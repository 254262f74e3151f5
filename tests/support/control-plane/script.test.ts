import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { realTargets } from "../cluster-targets.ts";

const SCRIPT = join(import.meta.dirname, "../../../scripts/control-plane.ts");
const within = { timeout: 60_000, interval: 200 };

/** `npm run control-plane`, with its files in a folder of its own. */
interface Script {
  readonly process: ChildProcess;
  readonly folder: string;
  /** All that it printed so far. */
  readonly said: () => string;
  /** Its exit code, else the signal that ended it. */
  readonly ending: () => number | string | null;
}

async function runScript(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Script> {
  const folder = await mkdtemp(join(tmpdir(), "strata-script-"));
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: folder, ...env },
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
  }
  return { process: child, folder, said: () => said, ending: () => child.exitCode ?? child.signalCode };
}

/** Processes whose command line names the folder. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return commands.filter((command) => command.includes(folder));
}

describe.each(realTargets())("with real servers", () => {
  test.each([
    ["SIGINT", 0],
    ["SIGTERM", 0],
    ["SIGKILL", "SIGKILL"],
  ] as const)("nothing is left after %s", async (signal, ending) => {
    const script = await runScript(["start", "--clusters", "1"]);
    await expect.poll(script.said, within).toContain("Ctrl-C stops them");
    expect(script.said()).toMatch(/^contexts: {3}dev-1$/m);
    // etcd, API server, controller-manager, scheduler, kwok, and the guard that ends them
    expect(await processesOf(script.folder)).toHaveLength(6);
    script.process.kill(signal);
    await expect.poll(script.ending, within).toBe(ending);
    await expect.poll(() => processesOf(script.folder), within).toEqual([]);
    await expect.poll(() => readdir(script.folder), within).toEqual([]);
  });

  test("stopped while it starts, it says so and leaves nothing", async () => {
    const script = await runScript(["start", "--clusters", "1"]);
    await expect.poll(script.said, within).toContain("starting cluster dev-1");
    script.process.kill("SIGTERM");
    await expect.poll(script.ending, within).toBe(1);
    expect(script.said()).toContain("stopped before it was ready");
    expect(await processesOf(script.folder)).toEqual([]);
    expect(await readdir(script.folder)).toEqual([]);
  });
});

test("what the machine lacks is said first, and is an error", async () => {
  const script = await runScript(["build"], {
    PATH: "/nonexistent",
    KUBEBUILDER_ASSETS: "",
    XDG_CACHE_HOME: "/nonexistent",
  });
  await expect.poll(script.ending, within).toBe(1);
  expect(script.said()).toMatch(
    /^Go is missing, which builds kube-apiserver \(no `go` on PATH\):\n {2}install Go 1\.26/,
  );
});

test.each([
  [["start", "--clusters", "0"], 2, "--clusters is a number from 1 to 20, not 0"],
  [["start", "--clusters", "1e1"], 2, "not 1e1"],
  [["stop"], 2, "say `start` or `build`"],
  [["start", "--wrong"], 2, "Unknown option '--wrong'"],
  [["--help"], 0, "Exit codes"],
])("%j ends with %i", async (args, code, text) => {
  const script = await runScript(args);
  await expect.poll(script.ending, within).toBe(code);
  expect(script.said()).toContain(text);
});
