import { expect, test } from "vitest";
import { exitCodeFor, renderExitCodes } from "../../cli/exit-codes.ts";

test.each([
  ["usage", 2],
  ["name-invalid", 2],
  ["version-invalid", 2],
  ["tag-invalid", 2],
  ["filter-invalid", 2],
  ["cluster-unknown", 2],
  ["version-unknown", 2],
  ["dirty-files", 3],
  ["git-identity-missing", 3],
  ["version-in-use", 3],
  ["version-exists", 3],
  ["change-conflict", 3],
  ["engine-running", 3],
  ["unpushed-commits", 3],
  ["engine-not-running", 4],
  ["remote-unreachable", 4],
  ["remote-untrusted", 4],
  ["cluster-unreachable", 4],
  ["sync-timeout", 1],
  ["internal", 1],
  ["profile-invalid", 1],
])("%s ends with %i", (code, exit) => {
  expect(exitCodeFor(code)).toBe(exit);
});

test("the table names every code once", () => {
  const codes = [...renderExitCodes().matchAll(/^ +(\d+) {2}\S/gm)].map((match) => Number(match[1]));
  expect(codes).toEqual([0, 1, 2, 3, 4, 130]);
});
