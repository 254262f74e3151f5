import { spawn } from "node:child_process";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Build, GoProgram } from "./versions.ts";

const MODULES = join(import.meta.dirname, "go");
const TEMPORARY = ".build-";

export interface BuildStep {
  readonly build: Build;
  readonly programs: readonly GoProgram[];
  /** `1 of 3`. */
  readonly step: string;
  readonly cache: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Builds programs of one Go module into the cache; each is renamed into place, so that nobody sees half a file. */
export async function buildPrograms(step: BuildStep): Promise<void> {
  const { build, programs, cache, say } = step;
  const folder = await mkdtemp(join(cache, TEMPORARY));
  const started = Date.now();
  const elapsed = (): string => `${Math.round((Date.now() - started) / 1000)} s`;
  say(`[${step.step}] building ${programs.join(", ")} (once; about ${build.takes} on two cores)`);
  const timer = setInterval(() => say(`[${step.step}] still building ${build.module}: ${elapsed()}`), 30_000);
  try {
    await runGo(step, folder);
    for (const program of programs) await rename(join(folder, program), join(cache, program));
    say(`[${step.step}] built ${programs.join(", ")} in ${elapsed()}`);
  } finally {
    clearInterval(timer);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what killed builds left. Only for the holder of the cache's lock. */
export async function removeLeftovers(cache: string): Promise<void> {
  const left = (await readdir(cache)).filter((name) => name.startsWith(TEMPORARY));
  for (const name of left) await rm(join(cache, name), { recursive: true, force: true });
}

function runGo({ build, programs, environment, signal }: BuildStep, folder: string): Promise<void> {
  const packages = programs.map((program) => build.programs.get(program) ?? "");
  // Go names a program by its package's folder, but for one package it can be told
  const [only, ...others] = programs;
  const output = others.length === 0 && only !== undefined ? join(folder, only) : `${folder}/`;
  const flags = ["-mod=readonly", "-p", "2", "-trimpath", "-ldflags", build.linkerFlags];
  return new Promise((resolve, reject) => {
    const child = spawn("go", ["build", ...flags, "-o", output, ...packages], {
      cwd: join(MODULES, build.module),
      env: { ...environment, CGO_ENABLED: "0", GOWORK: "off" },
      stdio: ["ignore", "ignore", "pipe"],
      signal,
    });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString("utf8")).slice(-4000);
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`go build of ${build.module} failed:\n${errors}`));
    });
  });
}
