import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import { BUILDS, type GoProgram, cacheFolder } from "./versions.ts";

export const PROGRAMS = [
  "etcd",
  "kwok",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
] as const satisfies readonly (GoProgram | "kubectl")[];
export type Program = (typeof PROGRAMS)[number];

/** The programs that this machine has: path by name, from KUBEBUILDER_ASSETS, else from the cache. */
export async function findPrograms(environment: NodeJS.ProcessEnv): Promise<ReadonlyMap<Program, string>> {
  const folders = [environment.KUBEBUILDER_ASSETS ?? "", cacheFolder(environment)].filter((it) => it !== "");
  const found = new Map<Program, string>();
  for (const program of PROGRAMS) {
    for (const folder of folders) {
      const path = join(folder, program);
      if (!found.has(program) && (await isExecutable(path))) found.set(program, path);
    }
  }
  return found;
}

/** Whether Go has to build a program that is not found. */
export function needsBuild(found: ReadonlyMap<Program, string>): boolean {
  return BUILDS.some(({ programs }) => [...programs.keys()].some((program) => !found.has(program)));
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
