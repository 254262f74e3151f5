import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ensureBinaries, missingTools } from "./control-plane/binaries.ts";
import { extractKubectl } from "./control-plane/kubectl.ts";
import { startControlPlane } from "./control-plane/start.ts";
import { cacheFolder } from "./control-plane/versions.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of a kubeconfig with the contexts dev-1 to dev-5; empty where only the sandbox is tested. */
    controlPlane: string;
    /** The stock kubectl. */
    kubectl: string;
  }
}

/**
 * Starts one real control plane for all tests. What the machine lacks is an error, said first. With
 * `STRATA_TEST_TARGETS=sandbox` no API server is started: that run needs Node and Git alone.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.STRATA_TEST_TARGETS === "sandbox") {
    const kubectl = join(cacheFolder(process.env), "kubectl");
    await extractKubectl(kubectl);
    project.provide("controlPlane", "");
    project.provide("kubectl", kubectl);
    return async () => undefined;
  }
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const missing = await missingTools(process.env);
  if (missing.length > 0) throw new Error(`this machine cannot run all tests:\n${missing.join("\n")}\n`);
  const binaries = await ensureBinaries(process.env, say);
  const plane = await startControlPlane({ clusters: 5, binaries, say });
  project.provide("controlPlane", plane.kubeconfig);
  project.provide("kubectl", binaries.kubectl);
  return () => plane.stop();
}
