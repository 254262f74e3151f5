import { describe, expect, test } from "vitest";
import { release } from "../../engine/repo/release.ts";
import { git, openTestRepository, signal } from "../support/temp-git.ts";
import { freshRepository, PROFILE } from "./fixture.ts";
import { gitInput } from "./git/objects.ts";

const options = () => ({ signal: signal() });

describe("refs", () => {
  test("a tag on a blob or a tree is a warning, and so is one nested too deep; nothing else stops", async () => {
    const { dir, repo } = await freshRepository();
    await git(dir, "tag", "profiles/hello-universe/2.0.0", `HEAD:${PROFILE}`);
    await git(dir, "tag", "-a", "-m", "x", "profiles/hello-universe/3.0.0", "HEAD^{tree}");
    await git(dir, "tag", "-a", "-m", "x", "n0", "HEAD");
    for (let depth = 1; depth < 13; depth++)
      await git(dir, "tag", "-a", "-m", "x", `n${depth}`, `n${depth - 1}`);
    await git(dir, "update-ref", "refs/tags/profiles/hello-universe/4.0.0", "refs/tags/n12");
    const { released, conditions } = await release(repo, options());
    expect(released).toEqual([]);
    expect(conditions.map(({ code, message }) => `${code} ${message}`)).toEqual(
      [
        ["2.0.0", "it ends in a blob, not in a commit"],
        ["3.0.0", "it ends in a tree, not in a commit"],
        ["4.0.0", "it ends in a tag, not in a commit"],
      ].map(([v, why]) => `version-ref-unusable refs/tags/profiles/hello-universe/${v} is ignored: ${why}`),
    );
  });

  test("names that no command of Strata would make are no versions, and are left where they are", async () => {
    const { dir, repo } = await freshRepository();
    const names = [
      "profiles/--upload-pack=x/1.0.0",
      "profiles/hello-universe/--upload-pack=x",
      "profiles/hello-universe/1.0.0/more/2.0.0",
      "profiles/hello-universe/v1",
      "profiles/HELLO/1.0.0",
      "profiles/constructor/1.0.0",
      "revisions/hello-universe/1.0.0/0",
      "revisions/hello-universe/1.0.0/99999999999",
      "revisions/x",
      "--upload-pack=x",
      "$(id)",
      "ünïcode\u202e",
    ];
    // A version's own tag is in the way of a name below it.
    const made = names.filter((name) => !name.includes("1.0.0/more"));
    const head = await git(dir, "rev-parse", "HEAD");
    await gitInput(
      dir,
      ["update-ref", "--stdin"],
      made.map((name) => `create refs/tags/${name} ${head}\n`).join(""),
    );
    const before = await git(dir, "for-each-ref");
    expect(await release(repo, options())).toMatchObject({ released: [], conditions: [] });
    const { versions } = await repo.load(signal());
    expect([...versions.keys()]).toEqual(["hello-universe"]);
    expect([...(versions.get("hello-universe")?.keys() ?? [])]).toEqual(["1.0.0"]);
    expect(await git(dir, "for-each-ref")).toBe(before);
  });

  test.each([
    "--upload-pack=x",
    "@{-1}",
    "..",
    "HEAD..main",
    "-1",
    "",
    "^main",
    "main:",
    ":/x",
    "$(id)",
    "x\ny",
    "refs/*",
  ])("%j names no commit", async (name) => {
    const { repo } = await freshRepository();
    expect(await repo.git.resolveCommit(name)).toBeUndefined();
  });

  test.each([
    ["ext::sh -c id", "location-refused"],
    ["fd::17", "location-refused"],
    ["--upload-pack=x", "location-refused"],
    ["https://ada:s3cret@127.0.0.1:1/fleet.git", "remote-unreachable"],
    ["file:///nowhere/at/all", "remote-unreachable"],
  ])("the location %s is %s, without its password", async (location, code) => {
    const work = openTestRepository(location).then((repo) => repo.load(signal()));
    const error = await work.then(() => undefined).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain("s3cret");
  });
});
