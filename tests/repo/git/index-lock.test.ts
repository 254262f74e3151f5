import { execFile } from "node:child_process";
import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { holdIndex } from "../../../engine/repo/git/index-lock.ts";
import { commitFiles, git, gitEnv, signal, tempDir, tempRepo } from "../../support/temp-git.ts";
import { codeOf } from "../fixture.ts";
import { openTestGit } from "./objects.ts";

/** The id of a process that has ended. */
async function deadProcess(): Promise<number> {
  const { stdout } = await promisify(execFile)("sh", ["-c", "echo $$"]);
  return Number(stdout);
}

/** A work tree of main, and a move of it that changes `file` to `new`. */
async function movable() {
  const dir = await tempRepo();
  const from = await commitFiles(dir, { file: "old" });
  const opened = await openTestGit(dir);
  const tree = await opened.updateTree(null, new Map([["file", "new"]]));
  const to = await git(dir, "commit-tree", tree, "-p", from, "-m", "new");
  const move = (until = signal()) =>
    opened.transact([{ ref: "refs/heads/main", from, to }], { signal: until });
  return { dir, from, to, move, lock: join(dir, ".git/index.lock") };
}

/** What of ours is left beside the index. */
async function leftovers(dir: string): Promise<string[]> {
  return (await readdir(join(dir, ".git"))).filter((name) => name.startsWith("index."));
}

test("a lock whose Strata process died is cleared, with all that it left", async () => {
  const { dir, to, move, lock } = await movable();
  const dead = await deadProcess();
  await writeFile(lock, `strata ${dead}\n`);
  await writeFile(join(dir, `.git/index.strata-${dead}`), "half a copy");
  await move();
  expect(await git(dir, "rev-parse", "main")).toBe(to);
  expect(await git(dir, "status", "--porcelain")).toBe("");
  expect(await leftovers(dir)).toEqual([]);
});

test("of many that find a dead lock, one at a time holds the index", async () => {
  const index = join(await tempDir(), "index");
  await writeFile(`${index}.lock`, `strata ${await deadProcess()}\n`);
  let holding = 0;
  const most: number[] = [];
  const hold = async () => {
    const held = await holdIndex(index, signal());
    most.push(++holding);
    for (let turns = 0; turns < 20; turns++) await turn();
    holding--;
    await held.release();
  };
  await Promise.all(Array.from({ length: 20 }, hold));
  expect(most).toEqual(Array.from({ length: 20 }, () => 1));
});

test("a user's commit is waited for, and what it made is not lost", async () => {
  const { dir, from, move } = await movable();
  const [holds, goOn] = [join(dir, ".git/holds"), join(dir, ".git/go-on")];
  const hook = `#!/bin/sh\n: > ${holds}\nuntil [ -e ${goOn} ]; do sleep 0.01; done\n`;
  await writeFile(join(dir, ".git/hooks/pre-commit"), hook, { mode: 0o755 });
  await writeFile(join(dir, "file"), "theirs");
  const committing = promisify(execFile)("git", ["commit", "-qam", "theirs"], { cwd: dir, env: gitEnv() });
  await vi.waitFor(() => access(holds), { timeout: 30_000 });
  let settled = false;
  const moved = codeOf(move()).finally(() => {
    settled = true;
  });
  // As long as these two take, at least.
  expect(await git(dir, "rev-parse", "main")).toBe(from);
  expect(await git(dir, "log", "--format=%s")).toBe("Change");
  expect(settled).toBe(false);
  await writeFile(goOn, "");
  await committing;
  expect(await moved).toBe("ref-race");
  expect(await git(dir, "log", "--format=%s")).toBe("theirs\nChange");
  expect(await readFile(join(dir, "file"), "utf8")).toBe("theirs");
  expect(await git(dir, "status", "--porcelain")).toBe("");
  expect(await leftovers(dir)).toEqual([]);
});

test.each([
  ["Git", ""],
  ["a Strata that runs", `strata ${process.pid}\n`],
  ["a Strata of another user", "strata 1\n"],
])("a lock of %s stays, and an abort ends the wait for it", async (_, content) => {
  const { dir, from, move, lock } = await movable();
  await writeFile(lock, content);
  const abort = new AbortController();
  const moving = move(abort.signal);
  const ended = expect(moving).rejects.toMatchObject({ name: "AbortError" });
  expect(await git(dir, "rev-parse", "main")).toBe(from);
  abort.abort();
  await ended;
  expect(await readFile(lock, "utf8")).toBe(content);
  expect(await readFile(join(dir, "file"), "utf8")).toBe("old");
  expect(await leftovers(dir)).toEqual(["index.lock"]);
});

test("while the index is held no Git command of a user gets in between", async () => {
  const { dir, from } = await movable();
  const held = await holdIndex(join(dir, ".git/index"), signal());
  await expect(git(dir, "commit", "-q", "--allow-empty", "-m", "between")).rejects.toThrow(/index\.lock/);
  await held.release();
  expect(await git(dir, "rev-parse", "main")).toBe(from);
  expect(await leftovers(dir)).toEqual([]);
  await git(dir, "commit", "-q", "--allow-empty", "-m", "after");
});
