import { spawn } from "node:child_process";
import { once } from "node:events";
import { gitEnv } from "../support/temp-git.ts";

const ADA = "Ada Example <ada@example.com> 1764000000 +0000";

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/**
 * A commit on main with these files beside what is there, in the language of git-fast-import(1).
 * @param from what main is at; left out: the commit before in the same import
 */
export function importCommit(
  message: string,
  files: Readonly<Record<string, string>>,
  from?: string,
): string {
  const changes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  const parent = from === undefined ? "" : `from ${from}\n`;
  return `commit refs/heads/main\ncommitter ${ADA}\n${data(message)}${parent}${changes.join("")}\n`;
}

/** The tags that release what the commit before holds as revision 1 of a version. */
export function importRelease(profile: string, version: string): string {
  const note = `Release\n\nsource: refs/heads/main\nevent: released\n`;
  return `reset refs/tags/profiles/${profile}/${version}\nfrom refs/heads/main\n
tag revisions/${profile}/${version}/1\nfrom refs/heads/main\ntagger ${ADA}\n${data(note)}`;
}

/** Writes into a repository what git-fast-import(1) is told; later imports go on where main is. */
export async function fastImport(dir: string, stream: string): Promise<void> {
  const child = spawn("git", ["fast-import", "--quiet", "--force"], { cwd: dir, env: gitEnv() });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString("utf8");
  });
  child.stdin.end(stream);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`git fast-import: ${complaint}`);
}
