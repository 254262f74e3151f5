import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "../../model/errors.ts";
import { createRunner, expectOutput, gitEnvironment, type GitRunner, redactUrls } from "./exec.ts";
import { SystemGit } from "./system-git.ts";
import type { Git } from "./types.ts";

export interface OpenOptions {
  /** The environment of the process: Git gets the part of it that it needs. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where copies of remote repositories are kept. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

const URL_LIKE = /^(https?|ssh|file):\/\//i;
const SCP_LIKE = /^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[^:]/;

/** Whether a location is a remote to copy, and not a directory here. */
export function isRemoteLocation(location: string): boolean {
  return URL_LIKE.test(location) || SCP_LIKE.test(location);
}

/**
 * Opens a repository: a directory (a work tree, any folder in it, a bare repository) or the URL of a remote, which is
 * copied into the cache.
 * Throws `repository-missing`, `repository-unsupported`, `location-refused`, `git-missing`.
 */
export async function openGit(location: string, options: OpenOptions): Promise<Git> {
  const environment = gitEnvironment(options.environment);
  const run = createRunner(environment);
  if (isRemoteLocation(location)) return openRemote(run, environment, location, options);
  if (/^[a-z][a-z0-9+.-]*::?/i.test(location) || location.startsWith("-")) {
    throw new EngineError(
      "location-refused",
      `"${redactUrls(location)}" is neither a directory nor an https, ssh or file URL`,
    );
  }
  return openDirectory(run, environment, location, options.signal);
}

async function openDirectory(
  run: GitRunner,
  environment: Record<string, string>,
  path: string,
  signal: AbortSignal,
): Promise<Git> {
  const args = [
    "-C",
    path,
    "rev-parse",
    "--path-format=absolute",
    "--git-common-dir",
    "--is-bare-repository",
    "--is-shallow-repository",
    "--show-object-format",
  ];
  const result = await run(args, { signal });
  if (result.code !== 0) throw notARepository(path, result.stderr);
  const [dir = "", bare, shallow, format] = result.stdout.toString("utf8").trim().split("\n");
  refuseUnsupported(path, shallow, format);
  const workTree =
    bare === "true"
      ? undefined
      : (await expectOutput(run, ["-C", path, "rev-parse", "--show-toplevel"], { signal }))
          .toString("utf8")
          .trim();
  const remote = bare === "true" ? undefined : await findRemote(run, dir, signal);
  return new SystemGit({ run, environment, dir, workTree, remote });
}

function notARepository(path: string, stderr: string): EngineError {
  if (/dubious ownership/.test(stderr)) {
    return new EngineError("repository-foreign", `${path} belongs to another user`, {
      hint: `git config --global --add safe.directory ${path}`,
    });
  }
  return new EngineError("repository-missing", `${path} is not in a Git repository`, {
    hint: "make one with `strata init <dir>`, or name one with --repo",
  });
}

function refuseUnsupported(path: string, shallow: string | undefined, format: string | undefined): void {
  if (shallow === "true") {
    throw new EngineError(
      "repository-unsupported",
      `${path} is a shallow clone: what its clusters ran before cannot be known`,
      {
        hint: "git fetch --unshallow --tags",
      },
    );
  }
  if (format !== undefined && format !== "sha1") {
    throw new EngineError(
      "repository-unsupported",
      `${path} uses the object format ${format}; Strata reads sha1`,
    );
  }
}

async function findRemote(run: GitRunner, dir: string, signal: AbortSignal): Promise<string | undefined> {
  const configured = await run(["--git-dir", dir, "config", "--get", "branch.main.remote"], { signal });
  const name = configured.stdout.toString("utf8").trim();
  if (name !== "" && name !== ".") return name;
  const remotes = await run(["--git-dir", dir, "remote"], { signal });
  return remotes.stdout.toString("utf8").split("\n").includes("origin") ? "origin" : undefined;
}

async function openRemote(
  run: GitRunner,
  environment: Record<string, string>,
  url: string,
  options: OpenOptions,
): Promise<Git> {
  const dir = join(
    options.cacheDir,
    "repositories",
    createHash("sha256").update(url).digest("hex").slice(0, 24),
  );
  await mkdir(dir, { recursive: true });
  const { signal } = options;
  await expectOutput(run, ["init", "-q", "--bare", "--initial-branch=main", dir], { signal });
  const has = await run(["--git-dir", dir, "remote", "get-url", "origin"], { signal });
  if (has.code !== 0)
    await expectOutput(run, ["--git-dir", dir, "remote", "add", "origin", "--", url], { signal });
  return new SystemGit({ run, environment, dir, workTree: undefined, remote: "origin" });
}
