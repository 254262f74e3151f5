import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git, openTestRepository, tempDir, writeFiles } from "../support/temp-git.ts";
import { codeOf, freshRepository, LAYER, PROFILE } from "./fixture.ts";
import { gitInput } from "./git/objects.ts";
import { commitEntries, commitLayer, found, foundOnMain } from "./plumbing.ts";

const MIB = 1024 * 1024;
const FOLDER = "profiles/hello-universe/hello-universe";

/** Writes a blob of zeros without ever holding it; returns its id. */
async function hashZeros(dir: string, bytes: number): Promise<string> {
  const path = join(await tempDir(), "zeros");
  const file = await open(path, "w");
  await file.truncate(bytes);
  await file.close();
  return git(
    dir,
    "-c",
    "core.bigFileThreshold=1m",
    "-c",
    "core.compression=1",
    "hash-object",
    "-w",
    "--no-filters",
    path,
  );
}

/** The most memory that this process came to hold while something went on, in bytes over what it held before. */
async function peakOf(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  await work().finally(() => clearInterval(timer));
  return most - before;
}

test("a blob of 1 GB is refused wherever it stands, and is never held as a whole", {
  timeout: 300_000,
}, async () => {
  const { dir } = await freshRepository();
  const huge = await hashZeros(dir, 1024 * MIB);
  const more = `${FOLDER}/more.yaml`;
  const repo = await openTestRepository(dir);
  for (const [path, expected] of [
    [more, [`object-too-large ${more}`]],
    [PROFILE, [`object-too-large ${PROFILE}`]],
    ["clusters/big/cluster.yaml", ["object-too-large clusters/big/cluster.yaml"]],
    ["strata.yaml", ["object-too-large strata.yaml"]],
    // What no reader asks for may be of any size.
    [`${FOLDER}/disk.img`, []],
    ["disk.img", []],
  ] as const) {
    const main = await git(dir, "rev-parse", "main");
    await commitEntries(dir, [["100644", huge, path]]);
    const seen: string[] = [];
    const peak = await peakOf(async () => void seen.push(...(await foundOnMain(repo))));
    expect(seen).toEqual(expected);
    expect(peak).toBeLessThan(400 * MIB);
    await git(dir, "update-ref", "refs/heads/main", main);
  }
  expect(await codeOf(repo.git.readBlob(huge))).toBe("object-too-large");
});

test("a file of more than 10 MiB, and files of more than 64 MiB in one layer, are refused", async () => {
  const { dir, repo } = await freshRepository();
  const text = `# ${"x".repeat(9 * MIB)}\n`;
  await writeFiles(dir, { [`${FOLDER}/large.yaml`]: text + text });
  expect(await found(repo)).toEqual([`yaml-too-large ${FOLDER}/large.yaml`]);
  await git(dir, "clean", "-q", "-f", FOLDER);
  const files = Array.from({ length: 8 }, (_, index) => [
    `${FOLDER}/part-${index}.yaml`,
    `# ${index}\n${text}`,
  ]);
  await writeFiles(dir, Object.fromEntries(files));
  expect(await found(repo)).toEqual([`layer-too-large ${FOLDER}`]);
});

test("100,000 files beside the manifests of a layer cost a listing and no more", {
  timeout: 300_000,
}, async () => {
  const { dir } = await freshRepository();
  const blob = await git(dir, "rev-parse", `main:${LAYER}`);
  const note = await gitInput(dir, ["hash-object", "-w", "--stdin"], "a note\n");
  const notes = Array.from({ length: 100_000 }, (_, index) => `100644 blob ${note}\tn${index}.md\n`).join("");
  const folder = await gitInput(dir, ["mktree"], notes);
  await commitLayer(
    dir,
    await gitInput(dir, ["mktree"], `100644 blob ${blob}\ta.yaml\n040000 tree ${folder}\tnotes\n`),
  );
  const repo = await openTestRepository(dir);
  expect(await foundOnMain(repo)).toEqual([]);
});

test("a few trees that name each other ten times over are refused, not walked", async () => {
  const { dir } = await freshRepository();
  const blob = await git(dir, "rev-parse", `main:${LAYER}`);
  for (const last of [`100644 blob ${blob}\ta.yaml\n`, ""]) {
    let tree = await gitInput(dir, ["mktree"], last);
    for (let depth = 0; depth < 10; depth++) {
      const names = Array.from({ length: 10 }, (_, index) => `040000 tree ${tree}\td${index}\n`).join("");
      tree = await gitInput(dir, ["mktree"], names);
    }
    await commitLayer(dir, tree);
    expect(await foundOnMain(await openTestRepository(dir))).toEqual([`tree-too-large ${FOLDER}`]);
  }
});
