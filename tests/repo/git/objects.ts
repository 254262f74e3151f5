import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openGit } from "../../../engine/repo/git/open-git.ts";
import type { Git } from "../../../engine/repo/git/types.ts";
import { gitEnv, signal, tempDir } from "../../support/temp-git.ts";

/** Feeds Git's standard input; returns what it says, trimmed. */
export function gitInput(dir: string, args: readonly string[], input: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = { cwd: dir, env: gitEnv(), maxBuffer: 1 << 28 };
    const child = execFile("git", args, settings, (error, stdout) =>
      error === null ? resolve(stdout.trim()) : reject(error),
    );
    child.stdin?.end(input);
  });
}

/** Writes a blob as Git does; returns its id. */
export function hashBlob(dir: string, content: string | Uint8Array): Promise<string> {
  return gitInput(dir, ["hash-object", "-w", "--stdin"], content);
}

/** Writes blobs in one go; returns their ids. */
export async function hashBlobs(dir: string, contents: readonly Uint8Array[]): Promise<string[]> {
  const folder = join(await tempDir(), "blobs");
  await mkdir(folder);
  const paths = contents.map((_, index) => join(folder, String(index)));
  for (const [index, path] of paths.entries()) await writeFile(path, contents[index] ?? "");
  const args = ["hash-object", "-w", "--no-filters", "--stdin-paths"];
  return (await gitInput(dir, args, paths.map((path) => `${path}\n`).join(""))).split("\n");
}

/** Writes an object of any text, right or not; returns its id. */
export function hashLiteral(
  dir: string,
  type: "commit" | "tag" | "tree",
  data: string | Uint8Array,
): Promise<string> {
  return gitInput(dir, ["hash-object", "-w", "--literally", "-t", type, "--stdin"], data);
}

/** The repository as the engine's lowest layer opens it, closed when the test ends. */
export async function openTestGit(dir: string, environment: Record<string, string> = gitEnv()): Promise<Git> {
  const opened = await openGit(dir, { environment, cacheDir: await tempDir(), signal: signal() });
  onTestFinished(() => opened.close());
  return opened;
}
