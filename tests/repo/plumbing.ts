import { checkState } from "../../engine/fleet/check-repository.ts";
import { checkRepository } from "../../engine/fleet/index.ts";
import type { Problem } from "../../engine/model/errors.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { git, signal } from "../support/temp-git.ts";
import { gitInput, hashLiteral } from "./git/objects.ts";

/** A problem as its code and where it is. */
export function placed({ code, file, object = "" }: Problem): string {
  return `${code} ${file ?? object}`;
}

/** Code and place of what `strata check` finds in the work tree, sorted. */
export async function found(repo: Repository): Promise<string[]> {
  const problems = await checkRepository(repo, { requireLock: false }, { signal: signal() });
  return problems.map(placed).sort();
}

/** The same in what main holds. */
export async function foundOnMain(repo: Repository): Promise<string[]> {
  return (await checkState(repo.reader, await repo.load(signal()))).map(placed).sort();
}

/** Commits a tree to main; the files of the work tree stay as they are. */
export async function commitTree(dir: string, tree: string): Promise<string> {
  const commit = await git(dir, "commit-tree", tree, "-p", "main", "-m", "Plumbed");
  await git(dir, "update-ref", "refs/heads/main", commit);
  return commit;
}

/** Adds entries to main as no `git add` would: modes and objects of any kind, by path. */
export async function commitEntries(
  dir: string,
  entries: readonly (readonly [mode: string, oid: string, path: string])[],
): Promise<string> {
  await git(dir, "read-tree", "main");
  const lines = entries.map(([mode, oid, path]) => `${mode} ${oid}\t${path}\0`);
  await gitInput(dir, ["update-index", "-z", "--add", "--index-info"], lines.join(""));
  return commitTree(dir, await git(dir, "write-tree"));
}

/** A tree of one entry whose name Git would not take. */
export function treeOf(dir: string, mode: string, name: string | Buffer, oid: string): Promise<string> {
  const head = [Buffer.from(`${mode} `), Buffer.from(name), Buffer.from([0])];
  return hashLiteral(dir, "tree", Buffer.concat([...head, Buffer.from(oid, "hex")]));
}

/** Makes a tree the only layer of the profile `hello-universe` on main. */
export async function commitLayer(dir: string, layer: string): Promise<string> {
  const file = await git(dir, "rev-parse", "main:profiles/hello-universe/profile.yaml");
  const entries = `100644 blob ${file}\tprofile.yaml\n040000 tree ${layer}\thello-universe\n`;
  const profile = await gitInput(dir, ["mktree"], entries);
  return commitTree(
    dir,
    await treeOf(dir, "40000", "profiles", await treeOf(dir, "40000", "hello-universe", profile)),
  );
}
