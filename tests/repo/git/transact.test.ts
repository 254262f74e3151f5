import { access, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { RefUpdate } from "../../../engine/repo/git/types.ts";
import { commitFiles, git, signal, tempBare, tempDir, tempRepo } from "../../support/temp-git.ts";
import { codeOf } from "../fixture.ts";
import { openTestGit } from "./objects.ts";

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** A bare repository with commits `a`, `b` and `c`, of which main holds `a`. */
async function bare() {
  const dir = await tempBare();
  await git(dir, "hash-object", "-t", "tree", "-w", "/dev/null");
  const a = await git(dir, "commit-tree", EMPTY_TREE, "-m", "a");
  const b = await git(dir, "commit-tree", EMPTY_TREE, "-p", a, "-m", "b");
  const c = await git(dir, "commit-tree", EMPTY_TREE, "-p", a, "-m", "c");
  await git(dir, "update-ref", "refs/heads/main", a);
  const opened = await openTestGit(dir);
  const transact = (...updates: RefUpdate[]) => opened.transact(updates, { signal: signal() });
  const refs = () => git(dir, "for-each-ref", "--format=%(refname) %(objectname)");
  return { dir, a, b, c, opened, transact, refs };
}

describe("transact", () => {
  test("creates, moves, deletes and checks in one go", async () => {
    const { dir, a, b, c, transact, refs } = await bare();
    await git(dir, "update-ref", "refs/heads/old", c);
    await transact(
      { ref: "refs/heads/main", from: a, to: b },
      { ref: "refs/tags/v/1.0.0", from: null, to: a },
      { ref: "refs/heads/old", from: c, to: null },
      { ref: "refs/heads/none", from: null, to: null },
    );
    expect(await refs()).toBe(`refs/heads/main ${b}\nrefs/tags/v/1.0.0 ${a}`);
  });

  test.each([
    ["moved", { ref: "refs/tags/raced", from: "b", to: "a" }],
    ["created", { ref: "refs/tags/raced", from: null, to: "a" }],
    ["deleted", { ref: "refs/tags/gone", from: "b", to: "a" }],
    ["moved, though only looked at", { ref: "refs/tags/raced", from: "b", to: "b" }],
    ["created, though only looked at", { ref: "refs/tags/raced", from: null, to: null }],
  ] as const)("moves nothing when one ref was %s meanwhile", async (_, { ref, from, to }) => {
    const { dir, a, b, c, transact, refs } = await bare();
    const ids = { a, b, c };
    await git(dir, "update-ref", "refs/tags/raced", c);
    const before = await refs();
    const updates: RefUpdate[] = [
      { ref: "refs/heads/main", from: a, to: b },
      { ref, from: from === null ? null : ids[from], to: to === null ? null : ids[to] },
      { ref: "refs/tags/new", from: null, to: b },
    ];
    expect(await codeOf(transact(...updates))).toBe("ref-race");
    expect(await codeOf(transact(...updates.toReversed()))).toBe("ref-race");
    expect(await refs()).toBe(before);
  });

  test.each(["loose", "packed"])("a name below a %s ref, or above one, is taken", async (kind) => {
    const { dir, a, transact, refs } = await bare();
    await git(dir, "update-ref", "refs/heads/profiles/web", a);
    if (kind === "packed") await git(dir, "pack-refs", "--all", "--prune");
    const before = await refs();
    for (const ref of ["refs/heads/profiles/web/1.0.0", "refs/heads/profiles"]) {
      const refused = transact({ ref: "refs/tags/new", from: null, to: a }, { ref, from: null, to: a });
      await expect(refused).rejects.toMatchObject({ code: "ref-name-taken" });
      await expect(refused).rejects.toThrow(/refs\/heads\/profiles\/web/);
    }
    expect(await refs()).toBe(before);
  });

  test("two new names of which one is below the other are taken by each other: no race to try again", async () => {
    const { a, transact, refs } = await bare();
    const before = await refs();
    const names = ["refs/heads/x", "refs/heads/x/y"];
    expect(await codeOf(transact(...names.map((ref) => ({ ref, from: null, to: a }))))).toBe(
      "ref-name-taken",
    );
    expect(await refs()).toBe(before);
  });

  test("an object that is not there, or a name that Git refuses, is Git's own error", async () => {
    const { a, transact, refs } = await bare();
    const before = await refs();
    expect(await codeOf(transact({ ref: "refs/heads/x", from: null, to: "1".repeat(40) }))).toBe(
      "git-failed",
    );
    expect(await codeOf(transact({ ref: "refs/heads/x..y", from: null, to: a }))).toBe("git-failed");
    expect(await refs()).toBe(before);
  });

  test("packed refs are read, moved and deleted as loose ones are", async () => {
    const { dir, a, b, opened, transact, refs } = await bare();
    await git(dir, "tag", "-a", "-m", "x", "v1", a);
    await git(dir, "pack-refs", "--all", "--prune");
    const packed = await opened.readRefs(undefined, signal());
    expect(packed.get("refs/heads/main")).toEqual({
      oid: a,
      type: "commit",
      peeled: a,
      peeledType: "commit",
    });
    expect(packed.get("refs/tags/v1")).toMatchObject({ type: "tag", peeled: a, peeledType: "commit" });
    const tag = packed.get("refs/tags/v1")?.oid ?? "";
    await transact({ ref: "refs/heads/main", from: a, to: b }, { ref: "refs/tags/v1", from: tag, to: null });
    expect(await refs()).toBe(`refs/heads/main ${b}`);
    expect(await codeOf(transact({ ref: "refs/heads/main", from: a, to: b }))).toBe("ref-race");
  });

  test("of many that move one ref from one place, one wins", async () => {
    const { a, b, c, transact, refs } = await bare();
    const codes = await Promise.all(
      [b, c, b, c].map((to) => codeOf(transact({ ref: "refs/heads/main", from: a, to }))),
    );
    expect(codes.toSorted()).toEqual(["none", "ref-race", "ref-race", "ref-race"]);
    expect([`refs/heads/main ${b}`, `refs/heads/main ${c}`]).toContain(await refs());
  });

  test("an abort is told as it was asked for", async () => {
    const { a, b, opened, refs } = await bare();
    const reason = new Error("enough");
    const stopped = opened.transact([{ ref: "refs/heads/main", from: a, to: b }], {
      signal: AbortSignal.abort(reason),
    });
    await expect(stopped).rejects.toBe(reason);
    expect(await refs()).toBe(`refs/heads/main ${a}`);
  });
});

describe("nested tags", () => {
  test("are peeled to what they end in", async () => {
    const { dir, a, opened } = await bare();
    await git(dir, "tag", "-a", "-m", "1", "one", a);
    await git(dir, "tag", "-a", "-m", "2", "two", "one");
    await git(dir, "tag", "-a", "-m", "3", "three", "two");
    await git(dir, "tag", "-a", "-m", "t", "tree", EMPTY_TREE);
    const refs = await opened.readRefs(["refs/tags/"], signal());
    for (const name of ["one", "two", "three"])
      expect(refs.get(`refs/tags/${name}`)).toMatchObject({ type: "tag", peeled: a, peeledType: "commit" });
    expect(refs.get("refs/tags/tree")).toMatchObject({ peeled: EMPTY_TREE, peeledType: "tree" });
    expect((await opened.readTag(refs.get("refs/tags/three")?.oid ?? "")).name).toBe("three");
  });
});

describe("checked-out files", () => {
  test("of an unborn branch come with its first commit", async () => {
    const dir = await tempRepo();
    const opened = await openTestGit(dir);
    const tree = await opened.updateTree(null, new Map([["a/b", "text"]]));
    const author = { name: "Ada", email: "ada@example.com", time: 1700000000, zone: 0 };
    const to = await opened.writeCommit({ tree, parents: [], author, committer: author, message: "first\n" });
    await opened.transact([{ ref: "refs/heads/main", from: null, to }], { signal: signal() });
    expect(await readFile(join(dir, "a/b"), "utf8")).toBe("text");
    expect(await git(dir, "status", "--porcelain")).toBe("");
    expect(await git(dir, "log", "--format=%s")).toBe("first");
  });

  /** A repository whose `main` and `other` are checked out in two work trees, and what each could move to. */
  async function twoWorkTrees() {
    const dir = await tempRepo();
    const from = await commitFiles(dir, { file: "old", same: "same" });
    const linked = join(await tempDir(), "linked");
    await git(dir, "worktree", "add", "-q", "-b", "other", linked);
    const opened = await openTestGit(dir);
    const tree = await opened.updateTree(
      await git(dir, "rev-parse", `${from}^{tree}`),
      new Map([["file", "new"]]),
    );
    const to = await git(dir, "commit-tree", tree, "-p", from, "-m", "new");
    const move = (...branches: string[]) =>
      opened.transact(
        branches.map((branch) => ({ ref: `refs/heads/${branch}`, from, to })),
        { signal: signal() },
      );
    const files = async () => [
      await readFile(join(dir, "file"), "utf8"),
      await readFile(join(linked, "file"), "utf8"),
    ];
    const status = async () => [
      await git(dir, "status", "--porcelain"),
      await git(linked, "status", "--porcelain"),
    ];
    return { dir, linked, from, to, move, files, status };
  }

  test("follow in the work tree that has the branch, in no other", async () => {
    const { move, files, status } = await twoWorkTrees();
    await move("other");
    expect(await files()).toEqual(["old", "new"]);
    await move("main");
    expect(await files()).toEqual(["new", "new"]);
    expect(await status()).toEqual(["", ""]);
  });

  test("move in all work trees or in none", async () => {
    const { dir, linked, from, move, files, status } = await twoWorkTrees();
    await writeFile(join(linked, "file"), "mine");
    await expect(move("main", "other")).rejects.toMatchObject({
      code: "dirty-files",
      data: { files: ["file"] },
    });
    expect(await files()).toEqual(["old", "mine"]);
    expect(await status()).toEqual(["", "M file"]);
    expect(await git(dir, "rev-parse", "main", "other")).toBe(`${from}\n${from}`);
    await writeFile(join(linked, "file"), "old");
    await move("main", "other");
    expect(await files()).toEqual(["new", "new"]);
    expect(await status()).toEqual(["", ""]);
  });

  test("move back when the refs do not move", async () => {
    const { dir, from, to, files, status } = await twoWorkTrees();
    await git(dir, "tag", "taken", from);
    const opened = await openTestGit(dir);
    const updates = [
      { ref: "refs/heads/main", from, to },
      { ref: "refs/tags/taken/1", from: null, to },
    ];
    expect(await codeOf(opened.transact(updates, { signal: signal() }))).toBe("ref-name-taken");
    expect(await files()).toEqual(["old", "old"]);
    expect(await status()).toEqual(["", ""]);
  });

  test("follow refs that moved in the instant of an abort", async () => {
    const { dir, from, to, files, status } = await twoWorkTrees();
    const [moved, goOn] = [join(dir, ".git/moved"), join(dir, ".git/go-on")];
    const hook = `#!/bin/sh\n[ "$1" = committed ] && : > ${moved} && until [ -e ${goOn} ]; do sleep 0.01; done\nexit 0\n`;
    await writeFile(join(dir, ".git/hooks/reference-transaction"), hook, { mode: 0o755 });
    const opened = await openTestGit(dir);
    const abort = new AbortController();
    const moving = opened.transact([{ ref: "refs/heads/main", from, to }], { signal: abort.signal });
    await vi.waitFor(() => access(moved), { timeout: 30_000 });
    abort.abort();
    await writeFile(goOn, "");
    await moving;
    expect(await git(dir, "rev-parse", "main")).toBe(to);
    expect((await files())[0]).toBe("new");
    expect(await status()).toEqual(["", ""]);
  });

  test("of a work tree that was removed by hand stop nothing", async () => {
    const { linked, dir, to, move } = await twoWorkTrees();
    await rm(linked, { recursive: true });
    await move("other");
    expect(await git(dir, "rev-parse", "other")).toBe(to);
  });

  test("are not left alone for being just as old as the index", async () => {
    const { dir, from, move, files } = await twoWorkTrees();
    // Git tells by content what was written in the instant of its index: that instant must not be lost.
    await git(dir, "config", "core.trustctime", "false");
    const then = new Date("2020-01-01");
    await utimes(join(dir, "file"), then, then);
    await git(dir, "update-index", "--refresh");
    await writeFile(join(dir, "file"), "odd");
    for (const path of ["file", ".git/index"]) await utimes(join(dir, path), then, then);
    expect(await git(dir, "--no-optional-locks", "diff", "--name-only")).toBe("file");
    expect(await (await openTestGit(dir)).workTreeTree()).not.toBe(
      await git(dir, "rev-parse", `${from}^{tree}`),
    );
    expect(await codeOf(move("main"))).toBe("dirty-files");
    expect((await files())[0]).toBe("odd");
  });
});
