import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createCluster } from "../../engine/actions/index.ts";
import { Journal } from "../../sandbox/store/journal.ts";
import { configMap } from "../apply/world.ts";
import { freshRepository, V1 } from "../repo/fixture.ts";
import { openTestGit } from "../repo/git/objects.ts";
import { clusterTargets } from "../support/cluster-targets.ts";
import { useClusters } from "../support/use-cluster.ts";
import { fillDisk, toldOfFullDisk } from "../support/disk-full.ts";
import { git, gitEnv, openTestRepository, signal, tempDir } from "../support/temp-git.ts";
import { eventually } from "../sync/events.ts";
import { newFleet } from "../sync/fleet.ts";

const CLUSTER = { name: "dev", connection: { context: "dev-1" }, profiles: [V1], tags: [] } as const;

describe("a repository on a full disk", () => {
  test("a command says so, moves nothing and leaves no piece of an object; later it works", async () => {
    const { dir } = await freshRepository();
    const repo = await openTestRepository(dir);
    const before = await git(dir, "for-each-ref");
    const free = await fillDisk(60);
    await expect(createCluster(repo, CLUSTER, { signal: signal() })).rejects.toMatchObject({
      code: "disk-full",
      hint: expect.stringContaining("free some space"),
    });
    await free();
    expect(await git(dir, "for-each-ref")).toBe(before);
    expect(await git(dir, "status", "--porcelain")).toBe("");
    expect(await git(dir, "fsck", "--strict", "--no-dangling")).toBe("");
    const files = await readdir(join(dir, ".git/objects"), { recursive: true });
    expect(files.filter((file) => file.endsWith(".tmp"))).toEqual([]);
    await createCluster(repo, CLUSTER, { signal: signal() });
    expect(await git(dir, "fsck", "--strict", "--no-dangling")).toBe("");
    expect(await git(dir, "show", "HEAD:clusters/dev/strata.lock")).toContain("revision: 1");
  });

  test("a ref that cannot be written is no race, and stays", async () => {
    const { dir } = await freshRepository();
    const opened = await openTestGit(dir, await toldOfFullDisk(gitEnv()));
    const head = await git(dir, "rev-parse", "HEAD");
    const tag = { ref: "refs/tags/one", from: null, to: head };
    const free = await fillDisk(10);
    await expect(opened.transact([tag], { signal: signal() })).rejects.toMatchObject({ code: "disk-full" });
    await free();
    expect(await git(dir, "tag", "--list", "one")).toBe("");
    await opened.transact([tag], { signal: signal() });
    expect(await git(dir, "rev-parse", "one")).toBe(head);
  });
});

describe.each(clusterTargets().filter(({ name }) => name === "sandbox"))("on $name", ({ start }) => {
  const target = useClusters(start, 1);

  test("an engine that cannot write locks says so, applies nothing, and goes on when there is space", async () => {
    const fleet = await newFleet(target(), { clusters: ["one"] });
    const before = await git(fleet.dir, "rev-parse", "main");
    const free = await fillDisk(60);
    await fleet.start();
    expect(fleet.engine.ready()).toMatchObject({ ready: true, problems: [{ code: "disk-full" }] });
    expect(fleet.view("one").health).not.toBe("healthy");
    expect(await fleet.running("one")).toBeUndefined();
    await free();
    expect(await git(fleet.dir, "rev-parse", "main")).toBe(before);
    await eventually(fleet.engine, () => fleet.view("one").health === "healthy" || undefined);
    expect(fleet.engine.ready().problems).toEqual([]);
    expect(await fleet.running("one")).toBe("1");
    expect(await git(fleet.dir, "fsck", "--strict", "--no-dangling")).toBe("");
  });
});

test("a sandbox keeps what it said it has, and nothing of what it could not write", async () => {
  const folder = await tempDir();
  const journal = new Journal(folder);
  const put = (revision: number, name: string): void =>
    journal.put(revision, "configmaps", configMap("default", name, { value: "x".repeat(200) }));
  put(2, "first");
  const size = (await readFile(join(folder, "objects.jsonl"))).length;
  const free = await fillDisk(size + 100);
  expect(() => put(3, "second")).toThrow(/EFBIG|ENOSPC/);
  await free();
  put(3, "third");
  journal.close();
  const again = new Journal(folder);
  expect(again.objects().map(({ object }) => object.metadata.name)).toEqual(["first", "third"]);
  again.close();
});

test("a sandbox whose file cannot be rewritten goes on with the file that it has", async () => {
  const folder = await tempDir();
  const journal = new Journal(folder);
  const write = (revision: number): void =>
    journal.put(revision, "configmaps", configMap("default", `c-${revision}`));
  await mkdir(join(folder, "objects.jsonl.new"));
  for (let revision = 2; revision <= 4_020; revision += 1) write(revision);
  journal.close();
  const again = new Journal(folder);
  expect(again.objects()).toHaveLength(4_019);
  expect(await readdir(folder)).toEqual(["objects.jsonl"]);
  again.close();
});
