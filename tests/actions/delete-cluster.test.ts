import { expect, onTestFinished, test } from "vitest";
import { deleteCluster, finishCluster, forceDeletion, useVersion } from "../../engine/actions/index.ts";
import { listClusters, listUpdates } from "../../engine/fleet/index.ts";
import { Conditions } from "../../engine/sync/conditions.ts";
import { EventLog } from "../../engine/sync/event-log.ts";
import { Removals } from "../../engine/sync/removals.ts";
import { removeDeleted } from "../../engine/sync/remove-deleted.ts";
import { UNKNOWN } from "../../engine/sync/cluster-runner.ts";
import { commitFiles, git } from "../support/temp-git.ts";
import { codeOf } from "../repo/fixture.ts";
import { type AppFleet, appFleet } from "./app-fleet.ts";

const DEV = { cluster: "dev", confirm: "dev" };
const NOTHING = { left: [], kept: [], released: [] };
const settings = (forceAfter: string) =>
  `apiVersion: strata.dev/v1alpha1\nkind: Settings\nspec: { deletion: { forceAfter: ${forceAfter} } }\n`;

async function requestedAt(fleet: AppFleet): Promise<number> {
  return Date.parse((await fleet.state()).entry.cluster?.spec.deletion?.requestedAt ?? "");
}

/** What an engine would remove at a time, of a cluster that it knows so. */
async function remove(fleet: AppFleet, now: number, live = UNKNOWN) {
  const { state } = await fleet.state();
  return removeDeleted(fleet.repo, state, () => live, { now, signal: fleet.options().signal });
}

test("a deletion is one commit, said again it is none; nothing else changes the cluster meanwhile", async () => {
  const fleet = await appFleet();
  await fleet.editProfile((text) => text.replace("replicas: 2", "replicas: 3"));
  expect(await codeOf(deleteCluster(fleet.repo, { ...DEV, confirm: "prod" }, fleet.options()))).toBe(
    "confirmation-invalid",
  );
  const first = await deleteCluster(fleet.repo, DEV, fleet.options());
  expect(first).toMatchObject({ subject: "Delete cluster dev", clusters: ["dev"] });
  expect(await deleteCluster(fleet.repo, DEV, fleet.options())).toMatchObject({ commit: null });
  const use = { cluster: "dev", profile: "app", version: "1.0.0", latest: true };
  expect(await codeOf(useVersion(fleet.repo, use, fleet.options()))).toBe("cluster-deleting");
  expect(await listUpdates(fleet.repo, {}, fleet.options())).toEqual([]);
  expect(await listClusters(fleet.repo, fleet.options())).toMatchObject([
    { health: "deleting", profiles: [{ newer: null, updatesAvailable: false }] },
  ]);
  await git(fleet.dir, "revert", "--no-edit", first.commit ?? "");
  expect(await listUpdates(fleet.repo, {}, fleet.options())).toHaveLength(1);
});

test("it may be forced after its time, and what is left stands in the commit", async () => {
  const fleet = await appFleet();
  const force = () =>
    forceDeletion(
      fleet.repo,
      { ...DEV, leftovers: { ...NOTHING, left: ["Service app/web: held"] } },
      fleet.options(),
    );
  expect(await codeOf(force())).toBe("deletion-not-requested");
  await deleteCluster(fleet.repo, DEV, fleet.options());
  expect(await codeOf(force())).toBe("deletion-too-young");
  await commitFiles(fleet.dir, { "strata.yaml": settings("1s") });
  await expect.poll(() => codeOf(force()), { timeout: 10_000, interval: 300 }).toBe("none");
  expect(await git(fleet.dir, "log", "-1", "--format=%B")).toContain(
    "Remove cluster dev (forced)\n\nLeft in the cluster:\n- Service app/web: held\n",
  );
  expect(await listClusters(fleet.repo, fleet.options())).toEqual([]);
});

test("an engine removes the directory when all is uninstalled, or after a day", async () => {
  const fleet = await appFleet();
  await deleteCluster(fleet.repo, DEV, fleet.options());
  const asked = await requestedAt(fleet);
  expect(await remove(fleet, asked + 86_399_000)).toEqual([]);
  const before = await git(fleet.dir, "rev-parse", "HEAD");
  expect(await remove(fleet, asked + 86_400_000)).toMatchObject([
    { cluster: "dev", leftovers: { left: [expect.stringContaining("nothing could be uninstalled")] } },
  ]);
  expect(await git(fleet.dir, "log", "-1", "--format=%an %s")).toBe(
    "Strata Remove cluster dev (its time is over)",
  );
  await git(fleet.dir, "reset", "-q", "--hard", before);
  const leftovers = { left: [], kept: ["PersistentVolumeClaim app/data: it holds data"], released: ["X a"] };
  expect(await remove(fleet, asked, { ...UNKNOWN, uninstalled: true, leftovers })).toMatchObject([
    { leftovers },
  ]);
  expect(await git(fleet.dir, "log", "-1", "--format=%B")).toContain(
    "Remove cluster dev\n\nKept in the cluster, on purpose:\n- PersistentVolumeClaim app/data: it holds data\n" +
      "Released, as it was there before Strata:\n- X a\n",
  );
  expect(await listClusters(fleet.repo, fleet.options())).toEqual([]);
});

test("a cluster that was not reached is removed with the word that nothing was uninstalled", async () => {
  const fleet = await appFleet();
  await deleteCluster(fleet.repo, DEV, fleet.options());
  const late = (await requestedAt(fleet)) + 86_400_000;
  const gone = { code: "cluster-unreachable", message: "https://dev: refused", severity: "error" } as const;
  const before = await git(fleet.dir, "rev-parse", "HEAD");
  await remove(fleet, late, { ...UNKNOWN, health: "deleting", message: gone.message, blockedBy: [gone] });
  expect(await git(fleet.dir, "log", "-1", "--format=%B")).toContain(
    "Left in the cluster:\n- all that it ran, as far as is known: nothing could be uninstalled, " +
      "the cluster could not be reached: https://dev: refused\n",
  );
  await git(fleet.dir, "reset", "-q", "--hard", before);
  const leftovers = { ...NOTHING, left: ["Service app/web"] };
  expect(
    await remove(fleet, late, { ...UNKNOWN, health: "deleting", blockedBy: [gone], leftovers }),
  ).toMatchObject([
    {
      leftovers: {
        left: [
          "nothing more could be uninstalled, the cluster could not be reached: https://dev: refused",
          "Service app/web",
        ],
      },
    },
  ]);
});

test("a deletion whose time was over before it was looked at is ended at once, without a timer into the past", async () => {
  const fleet = await appFleet();
  await commitFiles(fleet.dir, { "strata.yaml": settings("1s").replace("forceAfter", "removeAfter") });
  await deleteCluster(fleet.repo, DEV, fleet.options());
  const file = await fleet.file("clusters/dev/cluster.yaml");
  await commitFiles(fleet.dir, {
    "clusters/dev/cluster.yaml": file.replace(/requestedAt: .*/, "requestedAt: 2020-01-01T00:00:00Z"),
  });
  const warnings: string[] = [];
  const listen = ({ name }: Error) => void warnings.push(name);
  process.on("warning", listen);
  onTestFinished(() => void process.off("warning", listen));
  const events = new EventLog(0);
  const conditions = new Conditions(events, { warn: () => undefined });
  const unexpected = () => undefined;
  const removals = new Removals({
    repo: fleet.repo,
    events,
    conditions,
    viewOf: unexpected,
    onDue: unexpected,
  });
  onTestFinished(() => removals.close());
  const { state } = await fleet.state();
  expect(await removals.run(state, () => UNKNOWN, fleet.options().signal)).toBe(true);
  expect(events.recent()).toMatchObject([{ type: "deleted", cluster: "dev" }]);
  expect(warnings).toEqual([]);
});

test("a directory removed by hand is an orphan until it is finished or restored; a renamed one is none", async () => {
  const fleet = await appFleet();
  const names = async () =>
    (await listClusters(fleet.repo, fleet.options())).map(({ name, blockedBy }) => [
      name,
      blockedBy[0]?.code,
    ]);
  expect(await codeOf(finishCluster(fleet.repo, { cluster: "dev" }, fleet.options()))).toBe(
    "cluster-not-orphaned",
  );
  const tree = await git(fleet.dir, "rev-parse", "HEAD:clusters/dev");
  await git(fleet.dir, "rm", "-r", "-q", "clusters/dev");
  await git(fleet.dir, "commit", "-q", "-m", "Remove dev");
  expect(await names()).toEqual([["dev", "cluster-orphaned"]]);
  expect(await listClusters(fleet.repo, fleet.options())).toMatchObject([{ health: "orphaned" }]);
  await git(fleet.dir, "revert", "--no-edit", "HEAD");
  expect(await names()).toEqual([["dev", undefined]]);
  await git(fleet.dir, "mv", "clusters/dev", "clusters/test");
  const file = "clusters/test/cluster.yaml";
  await commitFiles(fleet.dir, { [file]: (await fleet.file(file)).replace("name: dev", "name: test") });
  expect(await names()).toEqual([["test", undefined]]);
  await git(fleet.dir, "rm", "-r", "-q", "clusters/test");
  await commitFiles(fleet.dir, { "README.md": "Nothing\n" }, "Remove test among others");
  expect(await names()).toEqual([["test", "cluster-orphaned"]]);
  await finishCluster(fleet.repo, { cluster: "test" }, fleet.options());
  expect(await git(fleet.dir, "diff", "--name-only", tree, "HEAD:clusters/test")).toBe("cluster.yaml");
  expect(await listClusters(fleet.repo, fleet.options())).toMatchObject([
    { name: "test", health: "deleting" },
  ]);
});
