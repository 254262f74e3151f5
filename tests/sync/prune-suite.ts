import { expect, test } from "vitest";
import {
  approvePrune,
  confirmUpdates,
  createVersion,
  detachProfile,
  editLayer,
  rollbackCluster,
  useVersion,
} from "../../engine/actions/index.ts";
import { planUpdates } from "../../engine/fleet/index.ts";
import type { MassDeletion } from "../../engine/model/mass-deletion.ts";
import type { ChangeResult } from "../../engine/repo/change.ts";
import { git, signal } from "../support/temp-git.ts";
import type { Fleet } from "./fleet.ts";
import { configMapText, PROFILE_FILE, profileText } from "./fleet-files.ts";
import type { NewFleet } from "./targets.ts";

const MORE_FILE = "profiles/app/base/more.yaml";
const options = () => ({ signal: signal() });

/** What stops before a mass deletion, and by which word in Git it goes on. */
export function pruneSuite(newFleet: NewFleet): void {
  test("a push that removes 12 of 20 objects stops, also in the next engine, until a commit approves it", async () => {
    const fleet = await crowd(newFleet);
    const cluster = fleet.name("one");
    const kubectl = (...args: string[]) => fleet.target("one").kubectl([...args, "-n", "default"]);
    await kubectl("create", "configmap", `${fleet.id}-theirs`);
    await push(fleet, "1.1.0", 7);
    const [view] = await fleet.sync("one");
    expect(view).toMatchObject({ health: "degraded", massDeletion: { deletes: 12, of: 20 } });
    const problem = view?.blockedBy[0];
    expect(problem).toMatchObject({ code: "prune-stopped", message: expect.stringContaining("12 of 20") });
    const first = view?.massDeletion?.id ?? "";
    expect(problem?.hint).toContain(`strata cluster prune ${cluster} --plan ${first}`);
    const told = fleet.engine.events.recent().filter(({ type }) => type === "problem");
    expect(told).toMatchObject([{ cluster, message: problem?.message, hint: problem?.hint }]);
    expect(await running(fleet)).toBe(20);

    await fleet.engine.close();
    await fleet.start();
    expect(await fleet.sync("one")).toMatchObject([{ health: "degraded", massDeletion: view?.massDeletion }]);
    expect(await running(fleet)).toBe(20);

    // One more: the id that was looked at no longer fits.
    await push(fleet, "1.2.0", 6);
    const now = await fleet.engine.prune(cluster, signal());
    expect(now).toMatchObject({ massDeletion: { deletes: 13, of: 20 }, volumes: [], kept: [], problems: [] });
    expect(now.stopped.map(({ object }) => object)).toContain(`ConfigMap default/${fleet.id}-more6`);
    const approve = (plan: string) =>
      approvePrune(fleet.repo, { cluster, plan, volumes: false, now }, options());
    await expect(approve(first)).rejects.toMatchObject({
      code: "plan-outdated",
      data: {
        current: now.massDeletion?.id,
        changed: [`ConfigMap ${fleet.id}-more6 would go too`],
      },
    });
    expect(await fleet.sync("one")).toMatchObject([{ massDeletion: now.massDeletion }]);
    const { commit } = await approve(now.massDeletion?.id ?? "");
    expect(await git(fleet.dir, "log", "-1", "--format=%B", commit ?? "")).toContain(
      `Let 13 of 20 objects go from ${cluster}\n\n- ConfigMap default/`,
    );
    expect(await approved(fleet)).toBe(now.massDeletion?.id);
    expect(await fleet.sync("one")).toMatchObject([{ health: "healthy", blockedBy: [] }]);
    expect(await running(fleet)).toBe(7);
    expect((await kubectl("get", "configmap", `${fleet.id}-theirs`)).code).toBe(0);
    await kubectl("delete", "configmap", `${fleet.id}-theirs`);

    // The lock moves: what was approved was for what it locked.
    await useVersion(fleet.repo, { cluster, profile: "app", version: "1.1.0" }, options());
    expect(await approved(fleet)).toBeUndefined();
  });

  test("a pushed override that takes away 19 of 20 objects stops like any other push", async () => {
    const fleet = await crowd(newFleet);
    const gone = Array.from({ length: 19 }, (_, index) =>
      configMapText(`${fleet.id}-more${index}`, "1").replace(/\ndata:[^]*/, "\n$patch: delete\n"),
    );
    const file = `clusters/${fleet.name("one")}/overrides/app/base.yaml`;
    await fleet.commit({ [file]: gone.join("---\n") });
    const [view] = await fleet.sync("one");
    expect(view).toMatchObject({ health: "degraded", massDeletion: { deletes: 19, of: 20 } });
    expect(view?.blockedBy).toMatchObject([{ code: "prune-stopped" }]);
    expect(await running(fleet)).toBe(20);
    await git(fleet.dir, "rm", "-q", file);
    await git(fleet.dir, "commit", "-q", "-m", "Override nothing");
    expect(await fleet.sync("one")).toMatchObject([{ health: "healthy", blockedBy: [] }]);
    expect(await running(fleet)).toBe(20);
  });

  test("a push that brings back what would go ends the stop", async () => {
    const fleet = await crowd(newFleet);
    await push(fleet, "1.1.0", 7);
    expect(await fleet.sync("one")).toMatchObject([{ health: "degraded" }]);
    await push(fleet, "1.2.0", 19);
    const [view] = await fleet.sync("one");
    expect(view).toMatchObject({ health: "healthy", message: "", blockedBy: [] });
    expect(view).not.toHaveProperty("massDeletion");
    expect(await running(fleet)).toBe(20);
  });

  test("what lists its deletions does not stop: confirming, choosing, going back, detaching", async () => {
    const fleet = await crowd(newFleet);
    const cluster = fleet.name("one");
    const asked = { profile: "app", version: "1.0.0", layer: "base", file: "more.yaml" };
    const removes = { deletes: 12, of: 20 };
    const expectGoing = async (
      { notes }: ChangeResult,
      { deletes, of }: Omit<MassDeletion, "id">,
      left: number,
    ) => {
      expect(notes.join("\n")).toContain(
        `removes ${deletes} of ${of} objects: ConfigMap default/${fleet.id}-more`,
      );
      expect(await approved(fleet)).toMatch(/^[0-9a-f]{16}$/);
      expect(await fleet.sync("one")).toMatchObject([{ health: "healthy", blockedBy: [] }]);
      expect(await running(fleet)).toBe(left);
    };

    await editLayer(fleet.repo, { ...asked, content: moreText(fleet, 7) }, options());
    const [plan] = await planUpdates(fleet.repo, { cluster }, options());
    expect(plan?.massDeletion).toMatchObject(removes);
    const confirmation = { cluster, plans: [plan?.plan ?? ""], drop: [], edited: new Map<string, string>() };
    const confirmed = await confirmUpdates(fleet.repo, [confirmation], options());
    expect(await approved(fleet)).toBe(plan?.massDeletion?.id);
    await expectGoing(confirmed, removes, 8);

    await rollbackCluster(fleet.repo, { cluster }, options());
    expect(await approved(fleet)).toBeUndefined();
    expect(await fleet.sync("one")).toMatchObject([{ health: "healthy" }]);
    expect(await running(fleet)).toBe(20);
    await expectGoing(await rollbackCluster(fleet.repo, { cluster }, options()), removes, 8);

    await createVersion(fleet.repo, { profile: "app", version: "1.1.0", from: "1.0.0" }, options());
    const more = { ...asked, version: "1.1.0", content: moreText(fleet, 29) };
    await editLayer(fleet.repo, more, options());
    const use = (version: string) => useVersion(fleet.repo, { cluster, profile: "app", version }, options());
    await use("1.1.0");
    expect(await fleet.sync("one")).toMatchObject([{ health: "healthy" }]);
    await expectGoing(await use("1.0.0"), { deletes: 22, of: 30 }, 8);

    await use("1.1.0");
    await fleet.sync("one");
    const detached = await detachProfile(fleet.repo, { cluster, profile: "app" }, options());
    await expectGoing(detached, { deletes: 30, of: 30 }, 0);
  });
}

/** One cluster that runs 20 ConfigMaps. */
async function crowd(newFleet: NewFleet): Promise<Fleet> {
  const fleet = await newFleet({ clusters: ["one"] });
  await fleet.commit({ [MORE_FILE]: moreText(fleet, 19) });
  await fleet.start();
  expect(await fleet.sync()).toMatchObject([{ health: "healthy" }]);
  expect(await running(fleet)).toBe(20);
  return fleet;
}

function moreText(fleet: Fleet, count: number): string {
  return Array.from({ length: count }, (_, index) => configMapText(`${fleet.id}-more${index}`, "1")).join(
    "---\n",
  );
}

/** A version with so many ConfigMaps beside the first, chosen by hand. */
async function push(fleet: Fleet, version: string, count: number): Promise<void> {
  await fleet.commit({
    [PROFILE_FILE]: profileText(version),
    [MORE_FILE]: moreText(fleet, count),
    [fleet.file("one")]: fleet.text("one", version),
  });
}

/** How many of the fleet's ConfigMaps the cluster has. */
async function running(fleet: Fleet): Promise<number> {
  const { stdout } = await fleet.target("one").kubectl(["get", "configmap", "-n", "default", "-o", "name"]);
  return stdout.split("\n").filter((name) => name.includes(fleet.id) && !name.endsWith("-theirs")).length;
}

/** What the lock approves beside content, at main's tip. */
async function approved(fleet: Fleet): Promise<string | undefined> {
  const text = await git(fleet.dir, "show", `main:${fleet.lock("one")}`);
  return /^prune: "?([0-9a-f]{16})"?$/m.exec(text)?.[1];
}
