import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { ensureBinaries, ensureKubectl } from "./control-plane/binaries.ts";
import { missingKubectl, missingTools } from "./control-plane/missing-tools.ts";
import { startControlPlane } from "./control-plane/start.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of a kubeconfig with the contexts dev-1 to dev-5; empty where only the sandbox is tested. */
    controlPlane: string;
    /** The stock kubectl. */
    kubectl: string;
  }
}

const CLUSTERS = 5;
const BUILT_WITHIN = 60 * 60_000;
const STARTED_WITHIN = 10 * 60_000;
const exec = promisify(execFile);

/**
 * Starts one real control plane for all tests. What the machine lacks is an error, said first.
 * STRATA_TEST_TARGETS=sandbox starts none; STRATA_TEST_KUBECONFIG names one that `npm run control-plane` started.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const environment = process.env;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const running = environment.STRATA_TEST_KUBECONFIG ?? "";
  const isSandboxOnly = environment.STRATA_TEST_TARGETS === "sandbox";
  const startsServers = !isSandboxOnly && running === "";
  const missingPrograms = startsServers ? missingTools(environment) : missingKubectl(environment);
  const missing = [...(await missingGit()), ...(await missingPrograms)];
  if (missing.length > 0) {
    say(missing.join("\n"));
    throw new Error("this machine lacks what the tests need: see the first lines");
  }
  project.provide("kubectl", await ensureKubectl(environment));
  if (!startsServers) {
    project.provide("controlPlane", isSandboxOnly ? "" : running);
    return undefined;
  }
  const binaries = await ensureBinaries({ environment, say, signal: AbortSignal.timeout(BUILT_WITHIN) });
  const signal = AbortSignal.timeout(STARTED_WITHIN);
  const plane = await startControlPlane({ clusters: CLUSTERS, binaries, say, signal });
  project.provide("controlPlane", plane.kubeconfig);
  return () => plane.stop();
}

async function missingGit(): Promise<string[]> {
  try {
    await exec("git", ["--version"], { timeout: 30_000 });
    return [];
  } catch {
    return ["Git is missing: install it (https://git-scm.com/downloads)."];
  }
}
