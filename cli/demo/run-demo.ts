import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EngineError } from "../../engine/model/errors.ts";
import type { ClusterView } from "../../engine/model/view.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { CliIo } from "../io.ts";
import { commandName } from "./command-name.ts";
import { STOPS, type Stop, type TourFacts, TRY } from "./tour.ts";

const GOES = "Its repository goes with it; in a terminal, the tour stays up to be looked at.";
const exec = promisify(execFile);
const LAYER = "profiles/hello-universe/hello-universe/hello-universe.yaml";

interface Demo {
  readonly io: CliIo;
  readonly fleet: string;
  readonly env: Record<string, string | undefined>;
}

/**
 * The guided tour: a repository, an engine with two sandbox clusters, and the commands that a user would type, each run
 * for real as a process of its own. In a terminal it stays up until Ctrl-C; else it ends. Everything it made goes with it.
 */
export async function runDemo(io: CliIo): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), "strata-demo-"));
  const demo = { io, fleet: join(folder, "fleet"), env: demoEnvironment(io, folder) };
  const started = performance.now();
  let engine: ChildProcess | undefined;
  try {
    say(io, `\nStrata: a tour on two sandbox clusters. Its repository is ${demo.fleet}\n`);
    heading(
      io,
      "A repository",
      "The template holds one profile, hello-universe 1.0.0. Its tag is the version.",
    );
    await strata(demo, ["init", demo.fleet]);
    engine = await startEngine(demo);
    for (const stop of STOPS) await visit(demo, stop);
    const staysUp = io.stdout.isTTY === true && !io.signal.aborted;
    say(io, `\nThat was the tour: ${seconds(started)}. ${staysUp ? stays(demo) : GOES}\n`);
    if (staysUp) await stayUp(demo);
    return io.signal.aborted && io.stdout.isTTY !== true ? 1 : 0;
  } finally {
    await stopEngine(engine);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The user's environment with caches of the tour's own, and an author for its commits. */
function demoEnvironment(io: CliIo, folder: string): Record<string, string | undefined> {
  const author = { name: "Strata Tour", email: "tour@example.com" };
  return {
    ...io.env,
    XDG_CACHE_HOME: join(folder, "cache"),
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
}

async function startEngine(demo: Demo): Promise<ChildProcess> {
  heading(
    demo.io,
    "The engine",
    "It watches the repository: every commit is looked at the moment it is made.",
  );
  say(demo.io, "$ strata serve &\n");
  const child = spawn(process.execPath, [entry(), "--repo", demo.fleet, "serve", "-o", "json"], {
    env: demo.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-4000);
  });
  const listening = once(child.stdout, "data");
  const ended = once(child, "close").then(() => {
    throw new EngineError("demo-engine-ended", `the tour's engine ended:\n${errors}`);
  });
  await Promise.race([listening, ended]);
  ended.catch(() => undefined);
  return child;
}

async function stopEngine(engine: ChildProcess | undefined): Promise<void> {
  if (engine === undefined || engine.exitCode !== null) return;
  const closed = once(engine, "close");
  engine.kill("SIGTERM");
  await closed;
}

async function visit(demo: Demo, stop: Stop): Promise<void> {
  if (demo.io.signal.aborted) return;
  if (stop.title !== "") heading(demo.io, stop.title, stop.text);
  const facts = stop.input === undefined && stop.more === undefined ? undefined : await learn(demo);
  const input = facts && stop.input?.(facts);
  const more = facts && stop.more?.(facts);
  const began = performance.now();
  await strata(demo, [...stop.command, ...(more ?? [])], input);
  if (stop.shows === "commit") await showCommit(demo);
  say(demo.io, `  (${seconds(began)})\n`);
}

async function learn(demo: Demo): Promise<TourFacts> {
  const args = [entry(), "--repo", demo.fleet, "cluster", "list", "-o", "json"];
  const { stdout } = await exec(process.execPath, args, { env: demo.env });
  const clusters = JSON.parse(stdout) as readonly ClusterView[];
  const apiUrl = clusters.find((cluster) => cluster.name === "aws-cluster-api")?.urls[0] ?? "";
  const tag = `revisions/hello-universe/1.0.0/1:${LAYER}`;
  const released = await exec("git", ["-C", demo.fleet, "show", tag], { env: demo.env });
  const changes = ["log", "-1", "--format=%h", "--grep=^Override ", "main"];
  const override = await exec("git", ["-C", demo.fleet, ...changes], { env: demo.env });
  return {
    apiUrl,
    frontEnd: await readFile(join(demo.fleet, LAYER), "utf8"),
    released: released.stdout,
    overridden: override.stdout.trim(),
  };
}

/** Runs a command as the user would, its output straight to theirs. Throws `demo-step-failed`. */
async function strata(demo: Demo, command: readonly string[], input?: string): Promise<void> {
  say(demo.io, `$ strata ${command.map(quote).join(" ")}${input === undefined ? "" : " < new.yaml"}\n`);
  const child = spawn(process.execPath, [entry(), "--repo", demo.fleet, ...command], {
    env: demo.env,
    stdio: ["pipe", "inherit", "inherit"],
  });
  child.stdin.end(input ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 0) return;
  throw new EngineError(
    "demo-step-failed",
    `\`strata ${command.join(" ")}\` ended with ${code ?? "a signal"}`,
  );
}

async function showCommit(demo: Demo): Promise<void> {
  const colour = demo.io.stdout.isTTY === true && demo.io.env.NO_COLOR === undefined ? "always" : "never";
  const args = [
    "-C",
    demo.fleet,
    "show",
    `--color=${colour}`,
    "--stat=80",
    "--patch",
    "--format=%n  commit %h by %an: %s%n",
    "HEAD",
  ];
  const { stdout } = await exec("git", args, { env: demo.env });
  const lines = stdout.trimEnd().split("\n");
  const most = 45;
  const shown = lines.slice(0, most).map((line) => `  ${line}`);
  if (lines.length > most) shown.push(`  … ${lines.length - most} more lines`);
  say(demo.io, `${shown.join("\n")}\n`);
}

function stays(demo: Demo): string {
  return `Every change of it is a commit in ${demo.fleet}.`;
}

async function stayUp(demo: Demo): Promise<void> {
  const name = commandName(entry(), demo.io.env.PATH);
  const lines = TRY.map((command) => `  ${command.replace("strata", `${name} --repo ${demo.fleet}`)}`);
  const where = name === "strata" ? "" : ", in this folder";
  say(
    demo.io,
    `\nThe engine is still running. Try in another terminal${where}:\n\n${lines.join("\n")}\n\nCtrl-C ends it and removes everything.\n`,
  );
  if (!demo.io.signal.aborted) await once(demo.io.signal, "abort");
}

function heading(io: CliIo, title: string, text: string): void {
  const bold = io.stdout.isTTY === true && io.env.NO_COLOR === undefined;
  say(io, `\n${bold ? `\u001b[1m${title}\u001b[22m` : title}\n`);
  if (text !== "") say(io, `${text}\n`);
}

/** The program that runs now: bin.ts, or what was built of it. */
function entry(): string {
  return process.argv[1] ?? "";
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

function say(io: CliIo, text: string): void {
  io.stdout.write(text);
}
