import { chmod, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { git, tempDir, tempRepo, writeFiles } from "../../support/temp-git.ts";
import { codeOf } from "../fixture.ts";
import { hashLiteral, openTestGit } from "./objects.ts";

type Edits = Readonly<Record<string, string | Uint8Array | null>>;

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** The tree of what is in the work tree, as Git makes it. */
async function gitTree(dir: string): Promise<string> {
  await git(dir, "add", "-A");
  return git(dir, "write-tree");
}

async function listTree(dir: string, tree: string): Promise<string[]> {
  const text = await git(dir, "ls-tree", "-r", "--format=%(objectmode) %(path)", tree);
  return text.split("\n").filter((line) => line !== "");
}

/** A repository with files, and what becomes of their tree by edits. */
async function edited(files: Readonly<Record<string, string>>, edits: Edits): Promise<string[]> {
  const dir = await tempRepo();
  await writeFiles(dir, files);
  const opened = await openTestGit(dir);
  const tree = await opened.updateTree(await gitTree(dir), new Map(Object.entries(edits)));
  await git(dir, "fsck", "--strict", "--no-dangling");
  return listTree(dir, tree);
}

describe("updateTree", () => {
  const files = { "a/b/c": "1", "a/d": "2", e: "3" };

  test("sets files, new ones and old ones", async () => {
    expect(await edited(files, { e: "4", "a/b/f": "5", "g/h": "6" })).toEqual([
      "100644 a/b/c",
      "100644 a/b/f",
      "100644 a/d",
      "100644 e",
      "100644 g/h",
    ]);
  });

  test("many files at once come in one pack, of every size", async () => {
    const dir = await tempRepo();
    await writeFiles(dir, files);
    const opened = await openTestGit(dir);
    const before = await gitTree(dir);
    const sizes = [0, 1, 14, 15, 16, 17, 2_047, 2_048, 300_000];
    const names = Array.from({ length: 300 }, (_, index) => `many/${index % 7}/${index}`);
    const text = (index: number) => `${index}`.repeat(sizes[index % sizes.length] ?? 0);
    const tree = await opened.updateTree(before, new Map(names.map((name, index) => [name, text(index)])));
    expect(await opened.readBlob((await opened.resolvePath(tree, "many/1/8"))?.oid ?? "")).toEqual(
      Buffer.from(text(8)),
    );
    for (const [index, name] of names.entries()) await writeFiles(dir, { [name]: text(index) });
    expect(await gitTree(dir)).toBe(tree);
    await git(dir, "fsck", "--strict", "--no-dangling");
    expect(await git(dir, "count-objects", "-v")).toContain("packs: 1");
  });

  test("removes a file, and the directories that it leaves empty", async () => {
    expect(await edited(files, { "a/b/c": null })).toEqual(["100644 a/d", "100644 e"]);
    expect(await edited(files, { "a/b/c": null, "a/d": null })).toEqual(["100644 e"]);
  });

  test("removes a directory with all that is in it", async () => {
    expect(await edited(files, { a: null })).toEqual(["100644 e"]);
    expect(await edited(files, { a: null, "a/new": "7" })).toEqual(["100644 a/new", "100644 e"]);
  });

  test("a file takes the place of a directory, and a directory that of a file", async () => {
    expect(await edited(files, { a: "file" })).toEqual(["100644 a", "100644 e"]);
    expect(await edited(files, { "e/f": "8" })).toEqual(["100644 a/b/c", "100644 a/d", "100644 e/f"]);
    expect(await edited(files, { e: null, "e/f": "8", "a/b/c": null, "a/b": "9" })).toEqual([
      "100644 a/b",
      "100644 a/d",
      "100644 e/f",
    ]);
  });

  test("removing what is not there changes nothing: not even a file that stands where a directory would", async () => {
    expect(await edited(files, { "x/y/z": null, "a/x": null, "e/f": null, "e/f/g": null })).toEqual([
      "100644 a/b/c",
      "100644 a/d",
      "100644 e",
    ]);
  });

  test("everything removed is the empty tree; so is nothing at all", async () => {
    expect(await edited(files, { a: null, e: null })).toEqual([]);
    const opened = await openTestGit(await tempRepo());
    expect(await opened.updateTree(null, new Map())).toBe(EMPTY_TREE);
    expect(await opened.updateTree(EMPTY_TREE, new Map([["a/b", null]]))).toBe(EMPTY_TREE);
  });

  test("modes are kept, of what is edited and of what is not", async () => {
    const dir = await tempRepo();
    await writeFiles(dir, { "run.sh": "#!/bin/sh\n", "other.sh": "#!/bin/sh\n", plain: "" });
    for (const script of ["run.sh", "other.sh"]) await chmod(join(dir, script), 0o755);
    await symlink("plain", join(dir, "link"));
    await git(dir, "add", "-A");
    await git(dir, "update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},module`);
    const base = await git(dir, "write-tree");
    const opened = await openTestGit(dir);
    const tree = await opened.updateTree(base, new Map([["run.sh", "#!/bin/sh\nexit 1\n"]]));
    expect(await listTree(dir, tree)).toEqual([
      "120000 link",
      "160000 module",
      "100755 other.sh",
      "100644 plain",
      "100755 run.sh",
    ]);
    const replaced = await opened.updateTree(base, new Map([["link", "a file now"]]));
    expect(await listTree(dir, replaced)).toContain("100644 link");
  });

  test("bytes are written as they are", async () => {
    const dir = await tempRepo();
    const opened = await openTestGit(dir);
    const bytes = Uint8Array.from([0, 255, 13, 10, 128]);
    const tree = await opened.updateTree(null, new Map([["bin", bytes]]));
    const entry = await opened.resolvePath(tree, "bin");
    expect(await opened.readBlob(entry?.oid ?? "")).toEqual(Buffer.from(bytes));
  });

  test("a base that is not there, or is no tree, is an error: nothing is taken for empty", async () => {
    const dir = await tempRepo();
    const opened = await openTestGit(dir);
    const edits = new Map([["a", "b"]]);
    expect(await codeOf(opened.updateTree("1".repeat(40), edits))).toBe("object-missing");
    const commit = await git(dir, "commit-tree", EMPTY_TREE, "-m", "x");
    expect(await codeOf(opened.updateTree(commit, edits))).toBe("object-missing");
  });

  test("a neighbour whose name is not UTF-8 is refused, not renamed", async () => {
    const dir = await tempRepo();
    const opened = await openTestGit(dir);
    const oid = await git(dir, "hash-object", "-w", "/dev/null");
    const name = Buffer.from([0x66, 0xfc]);
    const entry = Buffer.concat([Buffer.from("100644 "), name, Buffer.of(0), Buffer.from(oid, "hex")]);
    const base = await hashLiteral(dir, "tree", entry);
    expect(await codeOf(opened.updateTree(base, new Map([["a", "b"]])))).toBe("path-not-utf8");
  });
});

// Names whose order differs between files and directories, and between UTF-8 and UTF-16.
const name = fc.constantFrom("a", "a.b", "a-b", "a0", "B", "ä", "\u{1f600}", "\uff5e", "b c");
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const content = fc.oneof({ weight: 2, arbitrary: fc.string({ maxLength: 5 }) }, fc.constant(null));

/** Does to the work tree what an edit says. */
async function editFile(dir: string, at: string, text: string | null): Promise<void> {
  const file = join(dir, at);
  if (text === null) {
    // A path below a file is nothing to remove.
    await rm(file, { recursive: true, force: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTDIR") throw error;
    });
    return;
  }
  const parts = at.split("/");
  for (let depth = 1; depth < parts.length; depth++) {
    const parent = join(dir, ...parts.slice(0, depth));
    const found = await stat(parent).catch(() => undefined);
    if (found?.isFile() === true) await rm(parent);
  }
  await rm(file, { recursive: true, force: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** Whose order is easily got wrong: a directory among files that begin like it, UTF-8 that sorts unlike UTF-16. */
const sorted = ["a/b", "a.b", "a0", "\uff5e", "\u{1f600}"].map((at): [string, string] => [at, "x"]);

test("edits one after another make the trees that Git makes of the files", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(path, content), { minLength: 1, maxLength: 12 }), async (edits) => {
      const dir = join(await tempDir(), "work");
      await git("/", "init", "-q", dir);
      const opened = await openTestGit(dir);
      let tree: string | null = null;
      for (const [at, text] of edits) {
        await editFile(dir, at, text);
        tree = await opened.updateTree(tree, new Map([[at, text]]));
      }
      expect(tree).toBe(await gitTree(dir));
    }),
    { numRuns: 25, examples: [[sorted]] },
  );
});

test("edits in one go make the tree that Git makes of them", async () => {
  const files = fc.uniqueArray(fc.tuple(path, fc.string({ maxLength: 5 })), {
    maxLength: 8,
    selector: ([at]) => at,
  });
  const edits = fc.uniqueArray(fc.tuple(path, content), { maxLength: 8, selector: ([at]) => at });
  await fc.assert(
    fc.asyncProperty(files, edits, async (before, after) => {
      // A file and a file below it cannot both be asked for.
      const paths = after.filter(([, text]) => text !== null).map(([at]) => at);
      fc.pre(!paths.some((a) => paths.some((b) => b.startsWith(`${a}/`))));
      const dir = join(await tempDir(), "work");
      await git("/", "init", "-q", dir);
      for (const [at, text] of before) await editFile(dir, at, text);
      const opened = await openTestGit(dir);
      const tree = await opened.updateTree(await gitTree(dir), new Map(after));
      for (const [at, text] of after) if (text === null) await editFile(dir, at, null);
      for (const [at, text] of after) if (text !== null) await editFile(dir, at, text);
      expect(tree).toBe(await gitTree(dir));
    }),
    { numRuns: 25 },
  );
});
