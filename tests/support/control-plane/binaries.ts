import { execFile, spawn } from "node:child_process";
import { access, constants, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { extractKubectl } from "./kubectl.ts";
import { BUILDS, type Build, cacheFolder } from "./versions.ts";

export const PROGRAMS = [
  "etcd",
  "kwok",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
] as const;
export type Program = (typeof PROGRAMS)[number];
export type Binaries = Readonly<Record<Program, string>>;

const exec = promisify(execFile);
const MODULES = join(import.meta.dirname, "go");

/** What this machine lacks to build a control plane, and how to get it; empty where nothing is missing. */
export async function missingTools(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const found = await findAll(environment);
  if (BUILDS.every((build) => build.programs.every((program) => found.has(program)))) return [];
  try {
    const { stdout } = await exec("go", ["env", "GOVERSION"]);
    const [major = 0, minor = 0] = (/go(\d+)\.(\d+)/.exec(stdout) ?? []).slice(1).map(Number);
    if (major > 1 || minor >= 21) return [];
    return [
      `Go ${stdout.trim()} is too old: install Go 1.26 or newer from https://go.dev/dl (1.21 fetches it by itself)`,
    ];
  } catch {
    return [
      "Go is missing, which builds kube-apiserver: install Go 1.26 from https://go.dev/dl,",
      "or set KUBEBUILDER_ASSETS to a folder that has etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok.",
    ];
  }
}

/** Every program of a control plane: from KUBEBUILDER_ASSETS, else from the cache, else built into the cache. */
export async function ensureBinaries(
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<Binaries> {
  const found = await findAll(environment);
  const missing = BUILDS.filter((build) => build.programs.some((program) => !found.has(program)));
  for (const [index, build] of missing.entries()) {
    await buildModule(build, cacheFolder(environment), `${index + 1} of ${missing.length}`, say);
  }
  if (!found.has("kubectl")) await extractKubectl(join(cacheFolder(environment), "kubectl"));
  const all = await findAll(environment);
  const path = (program: Program): string => {
    const at = all.get(program);
    if (at === undefined) throw new Error(`${program} was built, but is not in ${cacheFolder(environment)}`);
    return at;
  };
  return Object.fromEntries(PROGRAMS.map((program) => [program, path(program)])) as Record<Program, string>;
}

async function findAll(environment: NodeJS.ProcessEnv): Promise<Map<string, string>> {
  const folders = [environment.KUBEBUILDER_ASSETS, cacheFolder(environment)].filter(
    (folder) => folder !== undefined,
  );
  const found = new Map<string, string>();
  for (const program of PROGRAMS) {
    for (const folder of folders) {
      const path = join(folder, program);
      const usable = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (usable && !found.has(program)) found.set(program, path);
    }
  }
  return found;
}

/** Builds into a folder beside the cache and renames each program into place, so that two builders never see half a file. */
async function buildModule(
  build: Build,
  cache: string,
  step: string,
  say: (line: string) => void,
): Promise<void> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, ".build-"));
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  say(`building ${build.programs.join(", ")} (${step}; about ${build.takes} on two cores, once)`);
  const timer = setInterval(() => say(`  still building ${build.module}: ${elapsed()}`), 30_000);
  try {
    await runGo(build, folder);
    const outputs = build.packages.length > 1 ? build.programs : [build.programs[0] ?? ""];
    for (const program of outputs) await rename(join(folder, program), join(cache, program));
    say(`  built ${build.module} in ${elapsed()}`);
  } finally {
    clearInterval(timer);
    await rm(folder, { recursive: true, force: true });
  }
}

function runGo(build: Build, folder: string): Promise<void> {
  const output = build.packages.length > 1 ? `${folder}/` : join(folder, build.programs[0] ?? "");
  const args = [
    "build",
    "-mod=readonly",
    "-trimpath",
    "-ldflags",
    build.flags,
    "-o",
    output,
    ...build.packages,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, {
      cwd: join(MODULES, build.module),
      env: { ...process.env, CGO_ENABLED: "0" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => {
      errors = (errors + chunk.toString("utf8")).slice(-4000);
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`go build of ${build.module} failed:\n${errors}`)),
    );
  });
}
