import { expect, test } from "vitest";
import { turnIdentity } from "../../engine/sync/turn-identity.ts";
import { commitFiles, git, openTestRepository, tempRepo } from "../support/temp-git.ts";

test("what comes before what is Git's word, asked once; what Git does not know comes before nothing", async () => {
  const dir = await tempRepo();
  const first = await commitFiles(dir, { a: "1" });
  const second = await commitFiles(dir, { a: "2" });
  await git(dir, "checkout", "-q", "-b", "other", first);
  const other = await commitFiles(dir, { a: "3" });
  const repo = await openTestRepository(dir);
  let asked = 0;
  const counting = {
    isAncestor: (ancestor: string, commit: string) => {
      asked += 1;
      return repo.git.isAncestor(ancestor, commit);
    },
  };
  const { isAncestor } = turnIdentity("one", counting, async () => true);
  const answers = async () => [
    await isAncestor(first, second),
    await isAncestor(second, first),
    await isAncestor(other, second),
    await isAncestor("f".repeat(40), second),
  ];
  expect(await answers()).toEqual([true, false, false, false]);
  expect(await answers()).toEqual([true, false, false, false]);
  expect(asked).toBe(4);
  for (const text of ["", "HEAD", "--all", `${first}^`]) expect(await isAncestor(text, second)).toBe(false);
  expect(asked).toBe(4);
});
