import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { tempDir } from "./temp-git.ts";

const exec = promisify(execFile);

/**
 * From now on no file that this process or a new child of it writes grows beyond so many bytes, as on a disk that is
 * full: a write goes as far as it can and fails. Ends with what it returns, and with the test. Needs no rights.
 */
export async function fillDisk(bytes: number): Promise<() => Promise<void>> {
  await limit(String(bytes));
  const free = (): Promise<void> => limit("unlimited");
  onTestFinished(free);
  return free;
}

/**
 * An environment whose Git is told of a full disk by an error, as a real one tells it: the limit's signal, which would
 * end it at once, is ignored.
 */
export async function toldOfFullDisk(env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const folder = await tempDir();
  const program = (await exec("sh", ["-c", "command -v git"])).stdout.trim();
  const script = `#!/bin/sh\ntrap '' XFSZ\nexec ${program} "$@"\n`;
  await writeFile(join(folder, "git"), script, { mode: 0o755 });
  return { ...env, PATH: `${folder}:${env.PATH ?? ""}` };
}

async function limit(bytes: string): Promise<void> {
  await exec("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:unlimited`]);
}
