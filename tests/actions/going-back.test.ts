import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createVersion, lockWorkTree, rollbackCluster, useVersion } from "../../engine/actions/index.ts";
import { listUpdates } from "../../engine/fleet/index.ts";
import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import { fillLock } from "../../engine/repo/locks/fill-locks.ts";
import { commitFiles, git, writeFiles } from "../support/temp-git.ts";
import { type AppFleet, appFleet, OVERRIDE } from "./app-fleet.ts";
import { pass } from "./pass.ts";

const CLUSTER = "clusters/dev/cluster.yaml";
const LOCK = "clusters/dev/strata.lock";

/** A way to another version, or back. `moved` is the commit that moved the cluster to 1.1.0, `before` the one before it. */
type Route = (fleet: AppFleet, at: { readonly moved: string; readonly before: string }) => Promise<unknown>;

const use =
  (version: string, latest = false) =>
  (fleet: AppFleet) =>
    useVersion(fleet.repo, { cluster: "dev", profile: "app", version, latest }, fleet.options());

async function edited(fleet: AppFleet, version: string): Promise<Record<string, string>> {
  return { [CLUSTER]: (await fleet.file(CLUSTER)).replace(/version: [0-9.]+/, `version: ${version}`) };
}

const push = (version: string) => async (fleet: AppFleet) => {
  await commitFiles(fleet.dir, await edited(fleet, version), `Run ${version}`);
  await pass(fleet);
};

const revert =
  (...what: ("moved" | "lock")[]): Route =>
  async (fleet, { moved }) => {
    const commits = { moved, lock: await git(fleet.dir, "log", "-1", "--format=%H", "--", LOCK) };
    await git(fleet.dir, "revert", "--no-edit", ...what.map((one) => commits[one]));
    await pass(fleet);
  };

const BACK: readonly (readonly [back: string, to: string, Route])[] = [
  ["use", "use", use("1.0.0")],
  ["rollback", "use", (fleet) => rollbackCluster(fleet.repo, { cluster: "dev" }, fleet.options())],
  ["rollback", "push", (fleet) => rollbackCluster(fleet.repo, { cluster: "dev" }, fleet.options())],
  [
    "rollback --to",
    "push",
    (fleet, { before }) => rollbackCluster(fleet.repo, { cluster: "dev", to: before }, fleet.options()),
  ],
  ["a push of the version", "use", push("1.0.0")],
  ["a push of the version", "push", push("1.0.0")],
  [
    "a push of the version without a lock",
    "push",
    async (fleet) => {
      await rm(join(fleet.dir, LOCK));
      await push("1.0.0")(fleet);
    },
  ],
  [
    "strata lock in the work tree",
    "push",
    async (fleet) => {
      await writeFiles(fleet.dir, await edited(fleet, "1.0.0"));
      await lockWorkTree(fleet.repo, fleet.options());
      await git(fleet.dir, "commit", "-q", "-a", "-m", "Back");
    },
  ],
  ["git revert", "use", revert("moved")],
  ["git revert of the push", "push", revert("moved")],
  ["git revert of the push and its lock", "push", revert("lock", "moved")],
];

test.each(BACK)("going back by %s, after going on by %s, goes back", async (_back, to, back) => {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("web:1", "web:mine"));
  const ran = (await fleet.state()).entry.lock.profiles.app;
  const override = await fleet.file(OVERRIDE);
  await fleet.editProfile((text) => text.replace("replicas: 2", "replicas: 3"));
  await createVersion(fleet.repo, { profile: "app", version: "1.1.0" }, fleet.options());
  const before = await git(fleet.dir, "rev-parse", "main");
  await (to === "use" ? use("1.1.0") : push("1.1.0"))(fleet);
  const path = to === "use" ? LOCK : CLUSTER;
  const moved = await git(fleet.dir, "log", "-1", "--format=%H", "--", path);
  expect((await fleet.state()).entry.lock.profiles.app).toMatchObject({ version: "1.1.0" });
  await fleet.editProfile((text) => text.replace("proxy:1", "proxy:2"));

  await back(fleet, { moved, before });
  const { state, entry } = await fleet.state();
  expect(entry.cluster?.spec.profiles).toEqual([{ name: "app", version: "1.0.0" }]);
  expect(entry.lock.profiles.app).toMatchObject({ version: "1.0.0", revision: 1, tree: ran?.tree });
  expect(await fleet.file(OVERRIDE)).toBe(override);
  expect(await runs(fleet)).toEqual([2, "web:mine", "proxy:1"]);
  // Another pass finds nothing to do
  await pass(fleet);
  expect(await git(fleet.dir, "rev-parse", "main")).toBe(state.main);
  expect(await listUpdates(fleet.repo, {}, fleet.options())).toMatchObject([
    { cluster: "dev", version: "1.0.0", from: 1, to: 3, overrides: { orphaned: 0 } },
  ]);

  await use("1.0.0", true)(fleet);
  expect(await runs(fleet)).toEqual([3, "web:mine", "proxy:2"]);
  expect(await listUpdates(fleet.repo, {}, fleet.options())).toEqual([]);
});

/** Replicas and images of the Deployment that the cluster is to run. */
async function runs(fleet: AppFleet): Promise<unknown> {
  const { state, entry } = await fleet.state();
  const { approvals } = await fillLock(fleet.repo.reader, state, entry);
  const renderer = createRenderer(fleet.repo.reader);
  const { steps, problems } = await renderer.cluster(entry, approvals, state.snapshot.settings.spec);
  expect(problems).toEqual([]);
  const objects = (steps ?? []).flat().flatMap((layer) => layer.objects.map(({ object }) => object));
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  const spec = deployment?.["spec"] as {
    replicas: number;
    template: { spec: { containers: { image: string }[] } };
  };
  return [spec.replicas, ...spec.template.spec.containers.map(({ image }) => image)];
}
