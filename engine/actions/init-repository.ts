import { mkdir, readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { EngineError } from "../model/errors.ts";
import type { ChangeResult } from "../repo/change.ts";
import { commitChange } from "../repo/commit-change.ts";
import { createRunner, expectOutput, gitEnvironment } from "../repo/git/exec.ts";
import { openGit, type OpenOptions } from "../repo/git/open-git.ts";
import { createRepository } from "../repo/repository.ts";

export interface InitOptions extends OpenOptions {
  /** The folder whose files the new repository begins with. */
  readonly template: string;
}

/**
 * Makes a repository with one example profile, committed and released, in a folder that is new or empty.
 * Throws `folder-not-empty`, `git-identity-missing`.
 */
export async function initRepository(dir: string, options: InitOptions): Promise<ChangeResult> {
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length > 0) {
    throw new EngineError("folder-not-empty", `${dir} is not empty`, {
      hint: "name a new folder; an existing repository needs no init",
    });
  }
  const run = createRunner(gitEnvironment(options.environment));
  await expectOutput(run, ["init", "-q", "--initial-branch=main", dir], { signal: options.signal });
  const repo = createRepository(await openGit(dir, options));
  try {
    const edits = new Map<string, Uint8Array>();
    for (const entry of await readdir(options.template, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      edits.set(relative(options.template, file).split(sep).join("/"), await readFile(file));
    }
    const change = { edits, subject: "Begin with the hello-universe profile", trailers: [], clusters: [] };
    return await commitChange(repo, async () => change, { signal: options.signal });
  } finally {
    await repo.close();
  }
}
