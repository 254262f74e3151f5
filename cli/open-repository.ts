import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isRemoteLocation, openGit } from "../engine/repo/git/open-git.ts";
import { createRepository, type Repository } from "../engine/repo/repository.ts";
import { cacheFolder } from "./folders.ts";
import type { CliIo } from "./io.ts";

/** Opens the repository at a location that a user typed; a path counts from the current folder. */
export async function openRepositoryAt(io: CliIo, location: string): Promise<Repository> {
  const place = isRemoteLocation(location) ? location : resolve(io.cwd, location);
  const git = await openGit(place, { environment: io.env, cacheDir: cacheFolder(io), signal: io.signal });
  return createRepository(git);
}

/**
 * The names under which an engine may serve this repository, the nearest first: its own directory (or URL), then the
 * remote whose word counts. All clones, work trees and spellings of one place have one name.
 */
export async function repositoryIdentities(
  io: CliIo,
  repository: Repository,
  location: string,
): Promise<string[]> {
  const { dir, remote } = repository.git;
  const own = isRemoteLocation(location) ? await canonical(location, io.cwd) : await realpath(dir);
  if (remote === undefined || isRemoteLocation(location)) return [own];
  const options = { signal: io.signal, env: { PATH: io.env.PATH, HOME: io.env.HOME }, timeout: 5_000 };
  const url = await promisify(execFile)("git", ["--git-dir", dir, "remote", "get-url", remote], options);
  return [own, await canonical(url.stdout.trim(), repository.git.workTree ?? dir)];
}

async function canonical(location: string, from: string): Promise<string> {
  const path = location.startsWith("file://") ? fileURLToPath(location) : location;
  if (isRemoteLocation(path)) return path.replace(/\/+$/, "").replace(/\.git$/, "");
  const folder = resolve(from, path);
  const real = await realpath(folder).catch(() => folder);
  return realpath(`${real}/.git`).catch(() => real);
}
