import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { openGit } from "../../engine/repo/git/open-git.ts";
import { createRepository, type Repository } from "../../engine/repo/repository.ts";

const exec = promisify(execFile);

/** What Git sees in tests: its own identity, none of the developer's configuration. */
export function gitEnv(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Ada Example",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada Example",
    GIT_COMMITTER_EMAIL: "ada@example.com",
  };
}

/** A folder that is gone when the test is. */
export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "strata-test-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

export async function git(dir: string, ...args: string[]): Promise<string> {
  const { stdout } = await exec("git", ["-c", "protocol.file.allow=always", ...args], {
    cwd: dir,
    env: gitEnv(),
    maxBuffer: 1 << 28,
  });
  return stdout.trim();
}

/** A work tree with an unborn main. */
export async function tempRepo(): Promise<string> {
  const dir = await tempDir();
  await git(dir, "init", "-q", "-b", "main");
  return dir;
}

export async function tempBare(): Promise<string> {
  const dir = await tempDir();
  await git(dir, "init", "-q", "--bare", "-b", "main");
  return dir;
}

export async function writeFiles(dir: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

/** Writes files and commits everything; returns the commit. */
export async function commitFiles(
  dir: string,
  files: Readonly<Record<string, string>>,
  message = "Change",
): Promise<string> {
  await writeFiles(dir, files);
  await git(dir, "add", "-A");
  await git(dir, "commit", "-q", "--allow-empty", "-m", message);
  return git(dir, "rev-parse", "HEAD");
}

/** The repository as the engine opens it, closed when the test ends. */
export async function openTestRepository(
  location: string,
  env: Record<string, string> = gitEnv(),
): Promise<Repository> {
  const cacheDir = await tempDir();
  const options = { environment: env, cacheDir, signal: AbortSignal.timeout(60_000) };
  const repo = createRepository(await openGit(location, options));
  onTestFinished(() => repo.close());
  return repo;
}

export function signal(): AbortSignal {
  return AbortSignal.timeout(60_000);
}
