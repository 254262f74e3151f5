import { join } from "node:path";
import { initRepository } from "../../engine/actions/index.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { gitEnv, openTestRepository, signal, tempDir } from "../support/temp-git.ts";

export const TEMPLATE = join(import.meta.dirname, "../../repo-template");
export const PROFILE = "profiles/hello-universe/profile.yaml";
export const LAYER = "profiles/hello-universe/hello-universe/hello-universe.yaml";
export const V1 = { profile: "hello-universe", version: "1.0.0" } as const;

/** A repository as `strata init` makes it, in a work tree. */
export async function freshRepository(): Promise<{ readonly dir: string; readonly repo: Repository }> {
  const dir = join(await tempDir(), "fleet");
  await initRepository(dir, { template: TEMPLATE, environment: gitEnv(), cacheDir: dir, signal: signal() });
  return { dir, repo: await openTestRepository(dir) };
}

/** The code of the error that a promise is rejected with; `none` where it is not. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    return error instanceof Error && "code" in error
      ? String(error.code)
      : `not an EngineError: ${String(error)}`;
  }
}
