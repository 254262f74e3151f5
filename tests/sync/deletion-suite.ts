import { expect, test } from "vitest";
import { deleteCluster } from "../../engine/actions/index.ts";
import type { EngineEvent } from "../../engine/model/event.ts";
import { git, signal } from "../support/temp-git.ts";
import { eventually } from "./events.ts";
import type { Fleet } from "./fleet.ts";
import { configMapText } from "./fleet-files.ts";
import type { NewFleet } from "./targets.ts";

const MORE_FILE = "profiles/app/base/more.yaml";
/** Deletions end by themselves at once. */
const IMPATIENT = {
  "strata.yaml": "apiVersion: strata.dev/v1alpha1\nkind: Settings\nspec: { deletion: { removeAfter: 1s } }\n",
};

/** What is told of clusters that are being deleted, and of those that are. */
export function deletionSuite(newFleet: NewFleet): void {
  test("a deletion names what holds it up and then what became of it, also to who asks later", async () => {
    const fleet = await newFleet({ clusters: ["one", "two"] });
    const kubectl = (...args: string[]) => fleet.target("one").kubectl([...args, "-n", "default"]);
    await kubectl("create", "configmap", `${fleet.id}-theirs`);
    const more = `${held(fleet)}---\n${configMapText(`${fleet.id}-theirs`, "1")}`;
    await fleet.commit({ [MORE_FILE]: more });
    await fleet.start();
    await fleet.sync();
    await kubectl("patch", "configmap", `${fleet.id}-held`, "--type=merge", "-p", HOLD);
    await remove(fleet, "one");
    const done = fleet.sync("one");
    const blocked = await eventually(fleet.engine, () => event(fleet, "problem"));
    expect(blocked).toMatchObject({ object: `ConfigMap default/${fleet.id}-held` });
    expect(blocked.message).toMatch(new RegExp(`^ConfigMap default/${fleet.id}-held: .*example.com/hold`));
    expect(fleet.view("one").message).toContain(`app/base: 1 object to go; ${blocked.message}`);
    await kubectl("patch", "configmap", `${fleet.id}-held`, "--type=merge", "-p", RELEASE);
    const released = [`ConfigMap default/${fleet.id}-theirs`];
    const deleted = { health: "deleted", message: "", leftovers: { left: [], kept: [], released } };
    expect(await done).toMatchObject([deleted]);
    expect(event(fleet, "layer", "gone")).toMatchObject({ profile: "app", layer: "base" });
    expect(event(fleet, "deleted")?.message).toBe(
      `${fleet.name("one")} is deleted; released, as it was there before: ${released[0]}`,
    );
    expect(await fleet.sync("one")).toMatchObject([deleted]);
    expect(fleet.engine.fleet().map(({ name }) => name)).toEqual([fleet.name("two")]);
    await kubectl("delete", "configmap", `${fleet.id}-theirs`);
  });

  test("a deletion that ends by its time says what is left", async () => {
    const fleet = await newFleet({ clusters: ["one", "two"] });
    const kubectl = (...args: string[]) => fleet.target("one").kubectl([...args, "-n", "default"]);
    await fleet.commit({ [MORE_FILE]: held(fleet) });
    await fleet.start();
    await fleet.sync();
    await kubectl("patch", "configmap", `${fleet.id}-held`, "--type=merge", "-p", HOLD);
    await remove(fleet, "one");
    const done = fleet.sync("one");
    await eventually(fleet.engine, () => event(fleet, "problem"));
    await fleet.commit(IMPATIENT);
    const left = [
      expect.stringMatching(new RegExp(`^ConfigMap default/${fleet.id}-held: .*example.com/hold`)),
    ];
    expect(await done).toMatchObject([
      { health: "deleted", message: "not all of it is uninstalled", leftovers: { left } },
    ]);
    expect(event(fleet, "deleted")?.message).toContain(
      "is removed, but not all of it is uninstalled; left in it:",
    );
    await kubectl("patch", "configmap", `${fleet.id}-held`, "--type=merge", "-p", RELEASE);
  });

  test("a cluster that cannot be reached is removed by its time as one of which nothing was uninstalled", async () => {
    const nowhere = "http://127.0.0.1:1";
    const through = async (short: string, server: string) => (short === "one" ? nowhere : server);
    const fleet = await newFleet({ clusters: ["one", "two"], through });
    await fleet.start();
    await remove(fleet, "one");
    await eventually(fleet.engine, () => event(fleet, "problem"));
    expect(fleet.view("one")).toMatchObject({
      health: "deleting",
      blockedBy: [{ code: "cluster-unreachable" }],
    });
    const done = fleet.sync("one");
    await fleet.commit(IMPATIENT);
    const left = [
      expect.stringContaining("nothing could be uninstalled, the cluster could not be reached: "),
    ];
    expect(await done).toMatchObject([{ health: "deleted", leftovers: { left } }]);
    await fleet.sync("two");
    const told = fleet.engine.events.recent().filter(({ cluster }) => cluster === fleet.name("one"));
    expect(told.map(({ message }) => message).filter((text) => text.includes("renamed"))).toEqual([]);
    expect(event(fleet, "deleted")?.message).toContain("nothing could be uninstalled");
  });

  test("a directory that others take away meanwhile is told as one whose deletion did not end", async () => {
    const through = async (short: string, server: string) =>
      short === "one" ? "http://127.0.0.1:1" : server;
    const fleet = await newFleet({ clusters: ["one", "two"], through });
    await fleet.start();
    await remove(fleet, "one");
    await eventually(fleet.engine, () => event(fleet, "problem"));
    await git(fleet.dir, "rm", "-r", "-q", `clusters/${fleet.name("one")}`);
    await fleet.commit({}, "Away with it");
    const told = await eventually(fleet.engine, () => event(fleet, "deleted"));
    expect(told.message).toContain("left the repository before its deletion ended");
  });
}

const HOLD = '{"metadata":{"finalizers":["example.com/hold"]}}';
const RELEASE = '{"metadata":{"finalizers":null}}';

function held(fleet: Fleet): string {
  return configMapText(`${fleet.id}-held`, "1");
}

async function remove(fleet: Fleet, short: string): Promise<void> {
  const cluster = fleet.name(short);
  await deleteCluster(fleet.repo, { cluster, confirm: cluster }, { signal: signal() });
}

/** The first event of a type about the cluster `one`. */
function event(fleet: Fleet, type: EngineEvent["type"], state?: string): EngineEvent | undefined {
  return fleet.engine.events
    .recent()
    .find(
      (one) => one.cluster === fleet.name("one") && one.type === type && (state ?? one.state) === one.state,
    );
}
