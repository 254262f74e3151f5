import { chmod, copyFile, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkRepository } from "../../engine/fleet/index.ts";
import { commitFiles, git, openTestRepository, signal, tempDir, tempRepo } from "../support/temp-git.ts";
import { freshRepository, LAYER, PROFILE } from "./fixture.ts";
import { found } from "./plumbing.ts";

const options = () => ({ signal: signal() });

describe("the state of the repository", () => {
  test("a main without a commit, then one without a profile, is an empty fleet", async () => {
    const dir = await tempRepo();
    const repo = await openTestRepository(dir);
    expect(await repo.load(signal())).toMatchObject({ main: null, snapshot: { commit: null } });
    await commitFiles(dir, { "README.md": "nothing\n" });
    expect(await found(repo)).toEqual([]);
    expect((await repo.load(signal())).snapshot.profiles.size).toBe(0);
  });

  test("a main of another name is none of ours", async () => {
    const dir = await tempRepo();
    await git(dir, "checkout", "-q", "-b", "trunk");
    await commitFiles(dir, { "profiles/x/profile.yaml": "kind: Profile\n" });
    expect(await (await openTestRepository(dir)).load(signal())).toMatchObject({ main: null });
  });

  test("a shallow clone is refused, with the command that mends it", async () => {
    const { dir } = await freshRepository();
    await commitFiles(dir, { "README.md": "more\n" });
    const clone = join(await tempDir(), "clone");
    await git(dir, "clone", "-q", "--depth", "1", `file://${dir}`, clone);
    await expect(openTestRepository(clone)).rejects.toMatchObject({
      code: "repository-unsupported",
      hint: "git fetch --unshallow --tags",
    });
  });

  test("a pointer of Git LFS where a manifest should be says what it is", async () => {
    const { dir, repo } = await freshRepository();
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 12345\n`;
    await commitFiles(dir, { [LAYER]: pointer });
    const problems = await checkRepository(repo, { requireLock: false }, options());
    expect(problems).toMatchObject([
      { code: "lfs-pointer", file: LAYER, hint: expect.stringContaining("git lfs") },
    ]);
    await commitFiles(dir, { [PROFILE]: pointer });
    expect(await found(repo)).toContain(`lfs-pointer ${PROFILE}`);
  });

  test("a pack that is broken is told, and is read once it is mended", async () => {
    const { dir } = await freshRepository();
    await git(dir, "repack", "-a", "-d", "-q");
    const packs = join(dir, ".git/objects/pack");
    const pack = join(packs, (await readdir(packs)).find((name) => name.endsWith(".pack")) ?? "");
    const aside = join(await tempDir(), "aside.pack");
    await copyFile(pack, aside);
    await chmod(pack, 0o644);
    await truncate(pack, 200);
    const repo = await openTestRepository(dir);
    const error = await repo.load(signal()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "EngineError", hint: "git fsck tells what is broken" });
    await copyFile(aside, pack);
    expect((await repo.load(signal())).snapshot.profiles.has("hello-universe")).toBe(true);
  });

  test.each(["cut short", "not what Git wrote"])(
    "a loose object that is %s is told by its id",
    async (how) => {
      const { dir, repo } = await freshRepository();
      await commitFiles(dir, { "profiles/hello-universe/more.md": "x".repeat(200_000) });
      const oid = await git(dir, "rev-parse", `HEAD:${PROFILE}`);
      const file = join(dir, ".git/objects", oid.slice(0, 2), oid.slice(2));
      await chmod(file, 0o644);
      if (how === "cut short") await truncate(file, 60);
      else await writeFile(file, "junk");
      const error = await repo.load(signal()).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "EngineError", message: expect.stringContaining(oid) });
      expect(error).toMatchObject({ hint: "git fsck tells what is broken" });
    },
  );

  test("a commit that comes during a fetch is seen by it or by the next", async () => {
    const { dir } = await freshRepository();
    const repo = await openTestRepository(`file://${dir}`);
    await repo.load(signal());
    const commits = (async () => {
      for (let count = 0; count < 10; count++) await commitFiles(dir, { "README.md": `${count}\n` });
    })();
    const seen: (string | null)[] = [];
    for (let count = 0; count < 5; count++) seen.push((await repo.load(signal())).main);
    await commits;
    const history = (await git(dir, "rev-list", "main")).split("\n");
    expect(seen.every((commit) => history.includes(commit ?? ""))).toBe(true);
    expect((await repo.load(signal())).main).toBe(history[0]);
  });
});
