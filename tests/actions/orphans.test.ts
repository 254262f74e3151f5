import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  createVersion,
  overrideCluster,
  readClusterLayer,
  removeOverrides,
  useVersion,
} from "../../engine/actions/index.ts";
import { showCluster } from "../../engine/fleet/index.ts";
import { release } from "../../engine/repo/release.ts";
import { commitFiles, git } from "../support/temp-git.ts";
import { codeOf } from "../repo/fixture.ts";
import { type AppFleet, appFleet, DEPLOYMENT } from "./app-fleet.ts";
import { pass } from "./pass.ts";

const PROXY = "Deployment.apps app/web spec.template.spec.containers[name=proxy].image";
const LABEL = "Service app/web metadata.labels.a";
const CLUSTER = "clusters/dev/cluster.yaml";

/** A cluster whose overrides of a container and of a Service lost their places by a plain push of app@1.1.0. */
async function orphanedFleet(): Promise<AppFleet> {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("proxy:1", "proxy:mine"));
  await fleet.override(
    (text) => text.replaceAll(/namespace: app\b/g, "$&, labels: { a: b }"),
    "service.yaml",
  );
  await createVersion(fleet.repo, { profile: "app", version: "1.1.0" }, fleet.options());
  await commitFiles(fleet.dir, {
    "profiles/app/web/deployment.yaml": DEPLOYMENT.replace(/ {8}- name: proxy\n.*\n/, ""),
    "profiles/app/web/service.yaml": "",
  });
  await release(fleet.repo, fleet.options());
  await push(fleet, "1.1.0");
  return fleet;
}

async function push(fleet: AppFleet, version: string): Promise<void> {
  const text = await fleet.file(CLUSTER);
  await commitFiles(fleet.dir, {
    [CLUSTER]: text.replace(/version: \S+(?= })|version: .*/, `version: ${version}`),
  });
  await pass(fleet);
}

async function orphans(fleet: AppFleet): Promise<string[]> {
  const view = await showCluster(fleet.repo, { cluster: "dev" }, fleet.options());
  return view.overrides
    .filter(({ state }) => state === "orphaned")
    .map(({ object, path }) => `${object} ${path}`);
}

test("a push that takes the lock away too leaves the orphans: history says what they were made over", async () => {
  const fleet = await orphanedFleet();
  await rm(join(fleet.dir, "clusters/dev/strata.lock"));
  await createVersion(fleet.repo, { profile: "app", version: "1.2.0" }, fleet.options());
  await push(fleet, "1.2.0");
  expect(await orphans(fleet)).toEqual([PROXY, LABEL]);
});

test("an update is merged with what the overrides were made over, also before the engine wrote the lock again", async () => {
  const fleet = await orphanedFleet();
  await createVersion(fleet.repo, { profile: "app", version: "1.2.0" }, fleet.options());
  await git(fleet.dir, "rm", "-q", "clusters/dev/strata.lock");
  await git(fleet.dir, "commit", "-q", "-m", "Without a lock");
  const use = { cluster: "dev", profile: "app", version: "1.2.0", drop: [LABEL] };
  expect(await codeOf(useVersion(fleet.repo, use, fleet.options()))).toBe("override-orphaned");
});

test("dropping one orphan leaves the other one, which does not become something new", async () => {
  const fleet = await orphanedFleet();
  expect(await orphans(fleet)).toEqual([PROXY, LABEL]);
  const target = { cluster: "dev", profile: "app", layer: "web", paths: [LABEL] };
  await removeOverrides(fleet.repo, target, fleet.options());
  await pass(fleet);
  expect(await orphans(fleet)).toEqual([PROXY]);
});

test("an orphan stays one on the way to the next version that lacks its place", async () => {
  const fleet = await orphanedFleet();
  await createVersion(fleet.repo, { profile: "app", version: "1.2.0" }, fleet.options());
  const use = { cluster: "dev", profile: "app", version: "1.2.0" };
  expect(await codeOf(useVersion(fleet.repo, { ...use, drop: [LABEL] }, fleet.options()))).toBe(
    "override-orphaned",
  );
});

test("an edit of one layer leaves the orphan of another one", async () => {
  const fleet = await orphanedFleet();
  const target = { cluster: "dev", profile: "app", layer: "extra" };
  const { text } = await readClusterLayer(fleet.repo, target, fleet.options());
  const content = text.replace("hunter2", "swordfish");
  await overrideCluster(fleet.repo, { ...target, content }, fleet.options());
  await pass(fleet);
  expect(await orphans(fleet)).toEqual([PROXY, LABEL]);
});

test("what was orphaned has its place again on the way back", async () => {
  const fleet = await orphanedFleet();
  const use = { cluster: "dev", profile: "app", version: "1.0.0" };
  const { notes } = await useVersion(fleet.repo, use, fleet.options());
  expect(notes.slice(1)).toEqual([`override kept: ${PROXY} = "proxy:mine"`, `override kept: ${LABEL} = "b"`]);
});

test("a path that is to be dropped must be there", async () => {
  const fleet = await appFleet();
  const args = { cluster: "dev", profile: "app", version: "1.0.0", drop: ["spec.replicas"] };
  expect(await codeOf(useVersion(fleet.repo, args, fleet.options()))).toBe("path-unknown");
});

test("a version that does not render is not chosen for a cluster with overrides", async () => {
  const fleet = await orphanedFleet();
  await createVersion(fleet.repo, { profile: "app", version: "1.2.0" }, fleet.options());
  await commitFiles(fleet.dir, { "profiles/app/web/deployment.yaml": "kind: 5\n" });
  await release(fleet.repo, fleet.options());
  const use = { cluster: "dev", profile: "app", version: "1.2.0" };
  expect(await codeOf(useVersion(fleet.repo, use, fleet.options()))).toBe("plan-invalid");
});
