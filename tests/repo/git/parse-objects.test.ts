import { describe, expect, test } from "vitest";
import { parseTree } from "../../../engine/repo/git/parse-objects.ts";
import { git, gitEnv, tempRepo } from "../../support/temp-git.ts";
import { gitInput, hashLiteral, openTestGit } from "./objects.ts";

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const ADA = "Ada <ada@example.com> 1700000000 +0000";
const SIGNATURE = "-----BEGIN PGP SIGNATURE-----\n\niQEzBAABCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n";

async function commitOf(headers: readonly string[], message: string | Buffer) {
  const dir = await tempRepo();
  await gitInput(dir, ["hash-object", "-w", "-t", "tree", "--stdin"], "");
  const head = Buffer.from(`tree ${EMPTY_TREE}\n${headers.map((line) => `${line}\n`).join("")}\n`, "latin1");
  const oid = await hashLiteral(dir, "commit", Buffer.concat([head, Buffer.from(message)]));
  return (await openTestGit(dir)).readCommit(oid);
}

async function tagOf(headers: readonly string[], message: string) {
  const dir = await tempRepo();
  const object = await gitInput(dir, ["hash-object", "-w", "-t", "tree", "--stdin"], "");
  const head = [`object ${object}`, "type tree", "tag v1", ...headers].map((line) => `${line}\n`).join("");
  return (await openTestGit(dir)).readTag(await hashLiteral(dir, "tag", `${head}\n${message}`));
}

describe("a commit", () => {
  test("as Git writes it", async () => {
    const dir = await tempRepo();
    await gitInput(dir, ["hash-object", "-w", "-t", "tree", "--stdin"], "");
    const first = await git(dir, "commit-tree", EMPTY_TREE, "-m", "first");
    const second = await git(dir, "commit-tree", EMPTY_TREE, "-p", first, "-m", "second\n\nwith a body");
    const merge = await git(dir, "commit-tree", EMPTY_TREE, "-p", second, "-p", first, "-m", "merge");
    const opened = await openTestGit(dir);
    expect(await opened.readCommit(second)).toMatchObject({
      oid: second,
      tree: EMPTY_TREE,
      parents: [first],
      author: { name: "Ada Example", email: "ada@example.com" },
      message: "second\n\nwith a body\n",
    });
    expect((await opened.readCommit(first)).parents).toEqual([]);
    expect((await opened.readCommit(merge)).parents).toEqual([second, first]);
  });

  test("author and committer are told apart, west and east of UTC", async () => {
    const headers = [
      "author Ada <ada@example.com> 1700000000 -0330",
      "committer Bob <bob@example.com> 1700000100 +0545",
    ];
    expect(await commitOf(headers, "x\n")).toMatchObject({
      author: { name: "Ada", email: "ada@example.com", time: 1700000000, zone: 210 },
      committer: { name: "Bob", email: "bob@example.com", time: 1700000100, zone: -345 },
    });
  });

  test("a signature is no part of the message, nor is its text read as headers", async () => {
    const lines = [
      "gpgsig -----BEGIN PGP SIGNATURE-----",
      " ",
      " author Eve <eve@example.com> 1 +0000",
      " =a",
    ];
    const commit = await commitOf([`author ${ADA}`, `committer ${ADA}`, ...lines], "signed\n");
    expect(commit.message).toBe("signed\n");
    expect(commit.author.name).toBe("Ada");
  });

  test("in another encoding is read in that", async () => {
    const headers = ["author Andr\xe9 <a@example.com> 1 +0000", `committer ${ADA}`, "encoding ISO-8859-1"];
    const commit = await commitOf(headers, Buffer.from("gr\xfc\xdfe\n", "latin1"));
    expect(commit.author.name).toBe("André");
    expect(commit.message).toBe("grüße\n");
  });

  test("in an encoding that nobody knows, or in a wrong one, is still read", async () => {
    const headers = (encoding: string[]) => [`author ${ADA}`, `committer ${ADA}`, ...encoding];
    expect((await commitOf(headers(["encoding KLINGON"]), "plain ä\n")).message).toBe("plain ä\n");
    expect((await commitOf(headers([]), Buffer.from("gr\xfcn\n", "latin1"))).message).toBe("gr\ufffdn\n");
  });

  test("without a message, or without an end of it", async () => {
    const headers = [`author ${ADA}`, `committer ${ADA}`];
    expect((await commitOf(headers, "")).message).toBe("");
    expect((await commitOf(headers, "no end")).message).toBe("no end");
    expect((await commitOf(headers, "\n\nblank lines first")).message).toBe("\n\nblank lines first");
  });

  test.each([
    ["Ada <ada@example.com> 5 +0000", { name: "Ada", email: "ada@example.com", time: 5, zone: 0 }],
    ["Ada <ada@example.com> 5 -0000", { name: "Ada", email: "ada@example.com", time: 5, zone: 0 }],
    [" <> 5 +0100", { name: "", email: "", time: 5, zone: -60 }],
    ["Ada", { name: "Ada", email: "", time: 0, zone: 0 }],
    ["Ada <ada@example.com>", { name: "Ada", email: "ada@example.com", time: 0, zone: 0 }],
    ["Ada <ada@example.com> soon", { name: "Ada", email: "ada@example.com", time: 0, zone: 0 }],
    ["Ada > B <ada@example.com> -5 +0000", { name: "Ada > B", email: "ada@example.com", time: -5, zone: 0 }],
    ["Ada <<ada@example.com>> 5 +0000", { name: "Ada", email: "<ada@example.com>", time: 5, zone: 0 }],
    ["Ada <ada@example.com> 5 +051800", { name: "Ada", email: "ada@example.com", time: 5, zone: 0 }],
  ])("by %s", async (signature, expected) => {
    const commit = await commitOf([`author ${signature}`, `committer ${ADA}`], "x\n");
    expect(commit.author).toStrictEqual(expected);
  });

  test.each([0, 60, -345, 720])("written with a zone of %i minutes is read back the same", async (zone) => {
    const dir = await tempRepo();
    const tree = await gitInput(dir, ["hash-object", "-w", "-t", "tree", "--stdin"], "");
    const opened = await openTestGit(dir);
    const author = { name: "Ada", email: "ada@example.com", time: 1700000000, zone };
    const written = { tree, parents: [], author, committer: author, message: "x\n" };
    const oid = await opened.writeCommit(written);
    expect(await opened.readCommit(oid)).toStrictEqual({ oid, ...written });
    const shown = zone === 0 ? "+0000" : await git(dir, "log", "-1", "--format=%ad", "--date=format:%z", oid);
    expect(await git(dir, "cat-file", "commit", oid)).toContain(`1700000000 ${shown}`);
    await git(dir, "fsck", "--strict", "--no-dangling");
  });
});

test.each(["100644", "100644 a", "100644 a\0", `100644 a\0${"x".repeat(19)}`])(
  "a tree that is cut short is broken: %j",
  (text) => {
    expect(() => parseTree(Buffer.from(text), 20)).toThrow(expect.objectContaining({ code: "git-corrupt" }));
  },
);

describe("a tag", () => {
  test("as Git writes it", async () => {
    const dir = await tempRepo();
    const tree = await gitInput(dir, ["hash-object", "-w", "-t", "tree", "--stdin"], "");
    await git(dir, "tag", "-a", "-m", "one\n\ntwo", "v1", tree);
    const oid = await git(dir, "rev-parse", "refs/tags/v1");
    expect(await (await openTestGit(dir)).readTag(oid)).toMatchObject({
      object: tree,
      type: "tree",
      name: "v1",
      tagger: { name: gitEnv().GIT_COMMITTER_NAME, email: "ada@example.com" },
      message: "one\n\ntwo\n",
    });
  });

  test.each([
    ["PGP", SIGNATURE],
    ["SSH", "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"],
    ["X.509", "-----BEGIN SIGNED MESSAGE-----\nMIIE\n-----END SIGNED MESSAGE-----\n"],
  ])("signed by %s has a message without its signature", async (_, signature) => {
    expect((await tagOf([`tagger ${ADA}`], `Release\n${signature}`)).message).toBe("Release\n");
  });

  test("that speaks of signatures keeps its message", async () => {
    const message = "Add the line -----BEGIN PGP SIGNATURE----- to the docs\n\nand more\n";
    expect((await tagOf([`tagger ${ADA}`], message)).message).toBe(message);
    expect((await tagOf([`tagger ${ADA}`], message + SIGNATURE)).message).toBe(message);
  });

  test("of old, which names no tagger", async () => {
    expect(await tagOf([], "old\n")).toMatchObject({ name: "v1", tagger: undefined, message: "old\n" });
  });
});
