import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renameCluster } from "../../engine/actions/index.ts";
import { formerNames } from "../../engine/repo/former-names.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { commitFiles, openTestRepository, signal, tempRepo } from "../support/temp-git.ts";

function clusterText(name: string, context: string, tag = "plain"): string {
  return `apiVersion: strata.dev/v1alpha1
kind: Cluster
metadata: { name: ${name}, tags: [${tag}] }
spec: { connection: { context: ${context} } }
`;
}

/** A repository after one commit for each step: the clusters of that step and their contexts are all that there is. */
async function after(...steps: readonly Readonly<Record<string, string>>[]): Promise<Repository> {
  const dir = await tempRepo();
  for (const [index, step] of steps.entries()) {
    await rm(join(dir, "clusters"), { recursive: true, force: true });
    const files = Object.entries(step).map(([name, context]) => {
      const text = clusterText(name, context, `step-${index}`);
      return [`clusters/${name}/cluster.yaml`, text] as const;
    });
    await commitFiles(dir, { "strata.yaml": "", ...Object.fromEntries(files) });
  }
  return openTestRepository(dir);
}

async function namesOf(repo: Repository, cluster: string): Promise<readonly string[]> {
  return formerNames(repo.git, await repo.load(signal()), cluster);
}

test("renames by command and by hand, with other tags, are followed back to the first name", async () => {
  const repo = await after({ a: "x", other: "v" }, { b: "x", other: "v" });
  for (const [from, to] of [
    ["b", "c"],
    ["c", "d"],
  ] as const) {
    await renameCluster(repo, { from, to }, { signal: signal() });
  }
  expect(await namesOf(repo, "d")).toEqual(["c", "b", "a"]);
  expect(await namesOf(repo, "other")).toEqual([]);
});

test("commits later than the rename, and clusters that come and go beside it, change nothing", async () => {
  const repo = await after({ a: "x", left: "z" }, { b: "x", came: "v" }, { b: "changed", came: "v" });
  expect(await namesOf(repo, "b")).toEqual(["a"]);
  expect(await namesOf(repo, "came")).toEqual([]);
});

test("several clusters renamed in one commit keep their own", async () => {
  const repo = await after({ a: "x", b: "v" }, { c: "v", d: "x" });
  expect(await namesOf(repo, "c")).toEqual(["b"]);
  expect(await namesOf(repo, "d")).toEqual(["a"]);
});

test("two alike that left are none: it could be either", async () => {
  expect(await namesOf(await after({ a: "x", b: "x" }, { c: "x" }), "c")).toEqual([]);
});

test("a name that a cluster has is no former name of another", async () => {
  const reused = await after({ a: "x" }, { b: "x" }, { b: "x", a: "x" });
  expect(await namesOf(reused, "b")).toEqual([]);
  const back = await after({ a: "x" }, { b: "x" }, { a: "x" });
  expect(await namesOf(back, "a")).toEqual(["b"]);
});

test("one that was deleted, and one that was created in its stead later, are two", async () => {
  expect(await namesOf(await after({ a: "x" }, {}, { b: "x" }), "b")).toEqual([]);
});

test("a file that cannot be read is no cluster", async () => {
  const repo = await after({ a: "[" }, { b: "[" }, { b: "x" });
  expect(await namesOf(repo, "b")).toEqual([]);
});
