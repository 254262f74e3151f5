import { join } from "node:path";
import { expect, test } from "vitest";
import { git, tempBare, tempDir, tempRepo, writeFiles } from "../../support/temp-git.ts";
import { openTestGit } from "./objects.ts";

/** What Git gets of a user who has set nothing but, perhaps, a configuration file. */
function userEnv(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: home, GIT_CONFIG_NOSYSTEM: "1", USER: "ada" };
}

test("without a name and an address of their own nobody writes: Git's guesses do not count", async () => {
  const opened = await openTestGit(await tempRepo(), userEnv(await tempDir()));
  await expect(opened.identity()).rejects.toMatchObject({
    code: "git-identity-missing",
    hint: expect.stringContaining("git config --global user.email"),
  });
});

test("half an identity is none", async () => {
  const dir = await tempRepo();
  await git(dir, "config", "user.name", "Ada");
  await expect((await openTestGit(dir, userEnv(await tempDir()))).identity()).rejects.toMatchObject({
    code: "git-identity-missing",
  });
});

test.each(["work tree", "bare repository"])("a %s says who; the environment knows better", async (kind) => {
  const dir = kind === "work tree" ? await tempRepo() : await tempBare();
  const home = await tempDir();
  await writeFiles(home, { ".gitconfig": "[user]\n\tname = Of Home\n\temail = home@example.com\n" });
  expect(await (await openTestGit(dir, userEnv(home))).identity()).toEqual({
    name: "Of Home",
    email: "home@example.com",
  });
  await git(dir, "config", "user.name", "Ada <of> Here");
  await git(dir, "config", "user.email", "here@example.com");
  expect(await (await openTestGit(dir, userEnv(home))).identity()).toEqual({
    name: "Ada of Here",
    email: "here@example.com",
  });
  const env = { ...userEnv(home), GIT_AUTHOR_NAME: "Set", GIT_AUTHOR_EMAIL: "set@example.com" };
  expect(await (await openTestGit(dir, env)).identity()).toEqual({ name: "Set", email: "set@example.com" });
});

test("a repository is found from any folder in it", async () => {
  const dir = await tempRepo();
  await writeFiles(dir, { "a/b/c": "" });
  const opened = await openTestGit(join(dir, "a/b"));
  expect(opened.workTree).toBe(dir);
  expect(opened.dir).toBe(join(dir, ".git"));
});
