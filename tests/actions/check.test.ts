import { expect, test } from "vitest";
import { checkRepository } from "../../engine/fleet/index.ts";
import { release } from "../../engine/repo/release.ts";
import { commitFiles, git } from "../support/temp-git.ts";
import { type AppFleet, appFleet, DEPLOYMENT, OVERRIDE } from "./app-fleet.ts";
import { pass } from "./pass.ts";

const PROFILE = "profiles/app/profile.yaml";
const CLUSTER = "clusters/dev/cluster.yaml";

/** One commit that makes these changes to the versions that main declares and that the cluster runs. */
async function moveVersions(fleet: AppFleet, declared: string, chosen: string): Promise<void> {
  await commitFiles(fleet.dir, {
    [PROFILE]: (await fleet.file(PROFILE)).replace(/version: .*/, `version: ${declared}`),
    [CLUSTER]: (await fleet.file(CLUSTER)).replace("1.0.0", chosen),
  });
}

function check(fleet: AppFleet, requireLock: boolean) {
  return checkRepository(fleet.repo, { requireLock }, fleet.options());
}

test("a commit that declares a version and chooses it is checked as an engine takes it", async () => {
  const fleet = await appFleet();
  await moveVersions(fleet, "1.1.0", "1.1.0");
  const missing = { code: "lock-missing", file: "clusters/dev/strata.lock" };
  expect(await check(fleet, false)).toMatchObject([{ ...missing, severity: "warning" }]);
  expect(await check(fleet, true)).toMatchObject([{ ...missing, severity: "error" }]);
  await release(fleet.repo, fleet.options());
  await pass(fleet);
  expect(await check(fleet, true)).toEqual([]);
});

test("a version that nothing declares is unknown, also beside one that is to be released", async () => {
  const fleet = await appFleet();
  await moveVersions(fleet, "1.1.0", "1.2.0");
  expect(await check(fleet, false)).toMatchObject([
    { code: "version-unknown", file: CLUSTER, object: "spec.profiles", severity: "error" },
  ]);
});

test("a version that only another cluster's lock keeps is unknown to the next", async () => {
  const fleet = await appFleet();
  await commitFiles(fleet.dir, { [PROFILE]: (await fleet.file(PROFILE)).replace("1.0.0", "1.1.0") });
  const tree = await git(fleet.dir, "rev-parse", "main:profiles/app");
  const cluster = (await fleet.file(CLUSTER)).replace("1.0.0", "1.1.0");
  await commitFiles(fleet.dir, {
    [PROFILE]: (await fleet.file(PROFILE)).replace("1.1.0", "1.2.0"),
    [CLUSTER]: cluster,
    "clusters/dev/strata.lock": `profiles:\n  app: { version: 1.1.0, tree: ${tree} }\n`,
    "clusters/two/cluster.yaml": cluster.replace("name: dev", "name: two"),
  });
  const unknown = { code: "version-unknown", file: "clusters/two/cluster.yaml" };
  expect(await check(fleet, false)).toMatchObject([unknown]);
  await release(fleet.repo, fleet.options());
  expect(await check(fleet, false)).toMatchObject([unknown]);
});

test("what is wrong with a version that is to be released is told of the cluster that chooses it", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("replicas: 2", "replicas: 1"));
  await commitFiles(fleet.dir, {
    "profiles/app/web/deployment.yaml": DEPLOYMENT.replace(": web", ": other"),
  });
  await moveVersions(fleet, "1.1.0", "1.1.0");
  expect(await check(fleet, false)).toContainEqual(
    expect.objectContaining({ code: "override-orphaned", file: OVERRIDE, severity: "error" }),
  );
});
