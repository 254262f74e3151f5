import { expect, test } from "vitest";
import { createVersion, lockClusters, lockWorkTree, useVersion } from "../../engine/actions/index.ts";
import { checkRepository } from "../../engine/fleet/index.ts";
import { release } from "../../engine/repo/release.ts";
import { commitFiles, git, writeFiles } from "../support/temp-git.ts";
import { type AppFleet, appFleet, DEPLOYMENT } from "./app-fleet.ts";
import { pass } from "./pass.ts";

const CLUSTER = "clusters/dev/cluster.yaml";
const LOCK = "clusters/dev/strata.lock";
/** Digits alone: YAML would read a number. */
const ID = "0123456789012345";
const APPROVED = `prune: "${ID}"\n`;

/** A cluster whose lock approves a deletion, and a version 1.1.0 that it does not run yet. */
async function approvedFleet(): Promise<AppFleet> {
  const fleet = await appFleet();
  await createVersion(fleet.repo, { profile: "app", version: "1.1.0" }, fleet.options());
  await commitFiles(fleet.dir, {
    "profiles/app/web/deployment.yaml": DEPLOYMENT.replace("replicas: 2", "replicas: 3"),
    [LOCK]: `${await fleet.file(LOCK)}${APPROVED}`,
  });
  await release(fleet.repo, fleet.options());
  return fleet;
}

async function next(fleet: AppFleet): Promise<Record<string, string>> {
  return { [CLUSTER]: (await fleet.file(CLUSTER)).replace("1.0.0", "1.1.0") };
}

test("an approved deletion stays in the lock while nothing that is locked moves", async () => {
  const fleet = await approvedFleet();
  const check = () => checkRepository(fleet.repo, { requireLock: true }, fleet.options());
  expect(await check()).toEqual([]);
  const before = await git(fleet.dir, "rev-parse", "main");
  await pass(fleet);
  await lockClusters(fleet.repo, fleet.options());
  await lockWorkTree(fleet.repo, fleet.options());
  expect(await git(fleet.dir, "rev-parse", "main")).toBe(before);
  expect(await git(fleet.dir, "status", "--porcelain")).toBe("");
  await fleet.override((text) => text.replace("replicas: 2", "replicas: 1"));
  expect(await fleet.file(LOCK)).toContain(APPROVED);
  await writeFiles(fleet.dir, { [LOCK]: (await fleet.file(LOCK)).replace(ID, "all of it") });
  expect((await check())[0]).toMatchObject({ file: LOCK, object: "prune" });
});

test("an approved deletion goes from the lock when what is locked moves, by whatever way", async () => {
  const ways: Readonly<Record<string, (fleet: AppFleet) => Promise<unknown>>> = {
    "the engine": async (fleet) => {
      await commitFiles(fleet.dir, await next(fleet));
      await pass(fleet);
    },
    "strata lock": async (fleet) => {
      await writeFiles(fleet.dir, await next(fleet));
      await lockWorkTree(fleet.repo, fleet.options());
    },
    "strata lock --commit": async (fleet) => {
      await commitFiles(fleet.dir, await next(fleet));
      await lockClusters(fleet.repo, fleet.options());
    },
    "strata cluster use": (fleet) =>
      useVersion(fleet.repo, { cluster: "dev", profile: "app", version: "1.1.0" }, fleet.options()),
  };
  for (const [name, move] of Object.entries(ways)) {
    const fleet = await approvedFleet();
    expect(await fleet.file(LOCK), name).toContain(APPROVED);
    await move(fleet);
    expect(await fleet.file(LOCK), name).toContain("version: 1.1.0");
    expect(await fleet.file(LOCK), name).not.toContain("prune");
  }
});
