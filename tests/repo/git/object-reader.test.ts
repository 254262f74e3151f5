import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ObjectReader } from "../../../engine/repo/git/object-reader.ts";
import { git, gitEnv, tempBare, tempDir } from "../../support/temp-git.ts";
import { codeOf } from "../fixture.ts";
import { hashBlob, hashBlobs } from "./objects.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

function openReader(dir: string, env: Record<string, string> = gitEnv()): ObjectReader {
  const reader = new ObjectReader(dir, env);
  onTestFinished(() => reader.close());
  return reader;
}

/** An environment whose `git` writes its process id down before it becomes Git. */
async function tracedGit(): Promise<{ env: Record<string, string>; pid: () => Promise<number> }> {
  const folder = await tempDir();
  const real = gitEnv();
  const script = `#!/bin/sh\necho $$ > "${folder}/pid"\nPATH="${real.PATH}" exec git "$@"\n`;
  await writeFile(join(folder, "git"), script);
  await chmod(join(folder, "git"), 0o755);
  const env = { ...real, PATH: `${folder}:${real.PATH}` };
  return { env, pid: async () => Number(await readFile(join(folder, "pid"), "utf8")) };
}

test("1,000 objects asked in one burst come back each to its own caller", async () => {
  const dir = await tempBare();
  // Sizes on both sides of what a pipe holds, and contents that look like answers.
  const contents = Array.from({ length: 1000 }, (_, index) =>
    Buffer.from(`${index} blob ${index}\n`.repeat(index % 100 === 0 ? 20_000 : index % 7)),
  );
  const oids = await hashBlobs(dir, contents);
  const reader = openReader(dir);
  const read = await Promise.all(oids.map((oid) => reader.read(oid)));
  for (const [index, object] of read.entries()) {
    expect(object?.type).toBe("blob");
    expect(object?.data.equals(contents[index] ?? Buffer.of())).toBe(true);
  }
});

test("a small object takes no more memory than its bytes", async () => {
  const dir = await tempBare();
  const object = await openReader(dir).read(await hashBlob(dir, "small"));
  expect(object?.data.buffer.byteLength).toBe(5);
});

test("an object that is missing is undefined among others, and is found once it is there", async () => {
  const dir = await tempBare();
  const here = await hashBlob(dir, "here");
  const later = await hashBlob(await tempBare(), "later");
  const reader = openReader(dir);
  const [missing, found] = await Promise.all([reader.read(later), reader.read(here)]);
  expect(missing).toBeUndefined();
  expect(found?.data.toString()).toBe("here");
  await hashBlob(dir, "later");
  expect((await reader.read(later))?.data.toString()).toBe("later");
});

test("all types are told apart", async () => {
  const dir = await tempBare();
  const blob = await hashBlob(dir, "");
  const empty = await git(dir, "hash-object", "-t", "tree", "-w", "/dev/null");
  const commit = await git(dir, "commit-tree", empty, "-m", "x");
  await git(dir, "tag", "-a", "-m", "x", "v", commit);
  const tag = await git(dir, "rev-parse", "refs/tags/v");
  const reader = openReader(dir);
  const types = await Promise.all(
    [blob, empty, commit, tag].map(async (oid) => (await reader.read(oid))?.type),
  );
  expect(types).toEqual(["blob", "tree", "commit", "tag"]);
});

test("a cat-file that is killed between two reads costs nothing", async () => {
  const dir = await tempBare();
  const oids = await hashBlobs(
    dir,
    ["one", "two", "three"].map((text) => Buffer.from(text)),
  );
  const { env, pid } = await tracedGit();
  const reader = openReader(dir, env);
  const texts: (string | undefined)[] = [];
  for (const oid of oids) {
    texts.push((await reader.read(oid))?.data.toString());
    // Nobody has noticed the death when the next read is asked.
    process.kill(await pid(), "SIGKILL");
  }
  expect(texts).toEqual(["one", "two", "three"]);
});

test("reads that a killed cat-file owes are answered by the next", async () => {
  const dir = await tempBare();
  const contents = Array.from({ length: 200 }, (_, index) => Buffer.from(`blob ${index}`));
  const oids = await hashBlobs(dir, contents);
  const { env, pid } = await tracedGit();
  const reader = openReader(dir, env);
  await reader.read(oids[0] ?? "");
  const first = await pid();
  process.kill(first, "SIGSTOP");
  const asked = oids.map((oid) => reader.read(oid));
  process.kill(first, "SIGKILL");
  const read = await Promise.all(asked);
  expect(read.map((object) => object?.data.toString())).toEqual(contents.map(String));
  expect(await pid()).not.toBe(first);
});

test("a Git that cannot read the repository is an error, not an endless retry", async () => {
  const reader = openReader(join(await tempDir(), "nothing"));
  expect(await codeOf(reader.read("0".repeat(40)))).toBe("git-failed");
  expect(await codeOf(reader.read("1".repeat(40)))).toBe("git-failed");
});

test("a missing git is said", async () => {
  const reader = openReader(await tempBare(), { PATH: await tempDir() });
  expect(await codeOf(reader.read("0".repeat(40)))).toBe("git-missing");
  expect(await codeOf(reader.read("0".repeat(40)))).toBe("git-missing");
});

test("small objects are kept, large ones read again", async () => {
  const dir = await tempBare();
  const [small = "", large = ""] = await hashBlobs(dir, [Buffer.alloc(KIB, "s"), Buffer.alloc(2 * MIB, "l")]);
  const reader = openReader(dir);
  expect(await reader.read(small)).toBe(await reader.read(small));
  const [once, again] = [await reader.read(large), await reader.read(large)];
  expect(once).not.toBe(again);
  expect(once?.data.equals(again?.data ?? Buffer.of())).toBe(true);
  expect(once?.data.length).toBe(2 * MIB);
});

test("the cache is bounded: what was not asked for longest goes first", async () => {
  const dir = await tempBare();
  const size = MIB - KIB;
  const oids = await hashBlobs(
    dir,
    Array.from({ length: 70 }, (_, index) => Buffer.alloc(size, index)),
  );
  const reader = openReader(dir);
  const firsts = [await reader.read(oids[0] ?? ""), await reader.read(oids[1] ?? "")];
  for (const oid of oids.slice(2)) {
    await reader.read(oid);
    await reader.read(oids[0] ?? "");
  }
  expect(await reader.read(oids[0] ?? "")).toBe(firsts[0]);
  expect(await reader.read(oids[1] ?? "")).not.toBe(firsts[1]);
});

test("an object larger than any file of ours is refused, and the next is read all the same", async () => {
  const dir = await tempBare();
  const [huge = "", small = ""] = await hashBlobs(dir, [Buffer.alloc(64 * MIB + 1), Buffer.from("small")]);
  const reader = openReader(dir);
  const [refused, read] = await Promise.all([codeOf(reader.read(huge)), reader.read(small)]);
  expect(refused).toBe("object-too-large");
  expect(read?.data.toString()).toBe("small");
});

test("reading goes on after a close", async () => {
  const dir = await tempBare();
  const [one = "", two = ""] = await hashBlobs(
    dir,
    ["one", "two"].map((text) => Buffer.from(text)),
  );
  const reader = openReader(dir);
  await reader.read(one);
  await reader.close();
  expect((await reader.read(two))?.data.toString()).toBe("two");
});

test("closing answers what was asked before", async () => {
  const dir = await tempBare();
  const oid = await hashBlob(dir, "asked");
  const reader = openReader(dir);
  const asked = reader.read(oid);
  await reader.close();
  expect((await asked)?.data.toString()).toBe("asked");
});
