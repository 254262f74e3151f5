import { describe, expect, it } from "vitest";
import { resourceVersionOf, uidOf } from "../../../engine/apply/ownership.ts";
import type { ClusterSession } from "../../../engine/apply/session-types.ts";
import type { Desired } from "../../../engine/model/desired.ts";
import type { KubeObject } from "../../../engine/model/kube-object.ts";
import type { ConnectTarget } from "../targets.ts";
import { configMap, layer, namespace, useWorlds, type World } from "../world.ts";
import { sleepingApi, type Write } from "./sleeping-api.ts";

const SOON = { timeout: 20_000 };
const NEVER = new AbortController().signal;

/** A clock that a test turns. */
function clockOf() {
  let time = 0;
  return { clock: () => time, turn: (milliseconds: number) => void (time += milliseconds) };
}

/** How engines of one repository take turns at one cluster. */
export function turnSuite(connect: ConnectTarget): void {
  const newWorld = useWorlds(connect);
  const config = (world: World, name: string, key = "1") => configMap(world.name, name, { key });

  /** Two layers: their objects have these values. */
  function desired(world: World, key: string, ...more: readonly string[]): Desired {
    return world.desired(
      layer("base", [namespace(world.name), config(world, "base", key)]),
      layer("app", [config(world, "app", key), ...more.map((name) => config(world, name, key))]),
    );
  }

  /** All that is in the cluster of a world, with the resourceVersions. */
  async function versions(world: World, ...names: readonly string[]): Promise<readonly unknown[]> {
    const inventory = await world.inventory();
    const objects = await Promise.all(
      ["base", "app", ...names].map((name) => world.get(config(world, name))),
    );
    const parts = [...(inventory?.parts.values() ?? [])].map(({ object }) => object);
    return [inventory?.object, ...parts, ...objects].map(
      (object) => object && [object.metadata.name, resourceVersionOf(object), uidOf(object)],
    );
  }

  async function says(session: ClusterSession, message: string): Promise<void> {
    await expect.poll(() => session.live().message, SOON).toContain(message);
  }

  async function data(world: World, object: KubeObject): Promise<unknown> {
    return (await world.get(object))?.data;
  }

  /** An engine that is killed at the first write of its second layer. */
  async function killed(world: World, wanted: Desired, engine: string): Promise<void> {
    const at = ({ verb, name }: Write) => verb === "apply" && name === "app";
    const { api, asleep, kill } = sleepingApi(world.api, { at, when: "before" });
    const session = world.open({ api, engine });
    void session.sync(wanted, NEVER);
    await asleep;
    kill();
    await session.close();
    expect(await world.get(config(world, "base"))).toBeDefined();
    expect(await world.get(config(world, "app"))).toBeUndefined();
  }

  describe("an engine that slept", () => {
    it("between two layers does nothing more where another finished a newer commit", async () => {
      const world = await newWorld();
      const stop = ({ verb, name }: Write) => verb === "apply" && name === "base";
      const sleeper = sleepingApi(world.api, { at: stop, when: "after" });
      const slow = world.open({ api: sleeper.api, engine: "slow" });
      void slow.sync(desired(world, "1", "extra"), NEVER);
      await sleeper.asleep;

      const quick = world.open({ engine: "quick" });
      const newer = desired(world, "2");
      expect(await world.sync(quick, newer)).toMatchObject({ health: "healthy", message: "" });
      const before = await versions(world, "extra");
      const sent = sleeper.writes.length;
      await sleeper.wake();
      await says(slow, `another engine (quick) has applied commit ${newer.commit}; this one watches`);
      expect(slow.live().health).toBe("progressing");
      expect(sleeper.writes.slice(sent)).toEqual([]);
      expect(await versions(world, "extra")).toEqual(before);
      expect(await world.listed()).toHaveLength(3);

      // It is told of the newer commit, and has nothing to do
      expect(await world.sync(slow, newer)).toMatchObject({ health: "healthy", message: "" });
      expect(sleeper.writes.slice(sent)).toEqual([]);
      expect(quick.live()).toMatchObject({ health: "healthy", message: "" });
    });

    it("between announcing a delete and sending it deletes nothing that a newer commit has again", async () => {
      const world = await newWorld();
      const sleeper = sleepingApi(world.api, { at: ({ verb }) => verb === "delete", when: "before" });
      const slow = world.open({ api: sleeper.api, engine: "slow" });
      await world.sync(slow, desired(world, "1", "again"));
      const uid = (await world.get(config(world, "again")))?.metadata.uid;
      void slow.sync(desired(world, "1"), NEVER);
      await sleeper.asleep;
      const entries = [...((await world.inventory())?.entries.values() ?? [])];
      expect(entries.filter(({ state }) => state === "leaving")).toMatchObject([{ id: { name: "again" } }]);

      const quick = world.open({ engine: "quick" });
      expect(await world.sync(quick, desired(world, "1", "again"))).toMatchObject({ health: "healthy" });
      const before = await versions(world, "again");
      await sleeper.wake();
      await says(slow, "another engine (quick)");
      expect(sleeper.writes.filter(({ verb }) => verb === "delete")).toHaveLength(1);
      expect((await world.get(config(world, "again")))?.metadata.uid).toBe(uid);
      expect(await versions(world, "again")).toEqual(before);
      expect(world.notices).toEqual([]);
    });

    it("loses nothing of what a newer commit takes away too", async () => {
      const world = await newWorld();
      const sleeper = sleepingApi(world.api, { at: ({ verb }) => verb === "delete", when: "before" });
      const slow = world.open({ api: sleeper.api, engine: "slow" });
      await world.sync(slow, desired(world, "1", "gone"));
      void slow.sync(desired(world, "1"), NEVER);
      await sleeper.asleep;
      const quick = world.open({ engine: "quick" });
      expect(await world.sync(quick, desired(world, "2"))).toMatchObject({ health: "healthy" });
      expect(await world.get(config(world, "gone"))).toBeUndefined();
      await sleeper.wake();
      await says(slow, "another engine (quick)");
      expect(await world.listed()).toHaveLength(3);
    });
  });

  describe("at the same commit", () => {
    it("another engine only watches one at work, and takes over when it was quiet for a minute", async () => {
      const world = await newWorld();
      const wanted = desired(world, "1");
      await killed(world, wanted, "dead");
      const { clock, turn } = clockOf();
      const watching = sleepingApi(world.api, { at: () => false, when: "before" });
      const session = world.open({ api: watching.api, engine: "other", clock });
      const settled = session.sync(wanted, NEVER);
      await says(session, `another engine (dead) works on commit ${wanted.commit}`);
      expect(session.live().layers).toMatchObject([
        { state: "waiting", problems: [{ code: "another-engine", severity: "warning" }] },
        { state: "pending" },
      ]);
      expect(watching.writes).toEqual([]);

      turn(60_000);
      session.stands(wanted.commit);
      expect(await settled).toMatchObject({ state: "settled", live: { health: "healthy", message: "" } });
      expect((await world.inventory())?.parent).toMatchObject({ engine: "other", state: "finished" });
    });

    it("an engine goes on at once where it was killed", async () => {
      const world = await newWorld();
      const wanted = desired(world, "1");
      await killed(world, wanted, "same");
      const session = world.open({ engine: "same", clock: () => 0 });
      expect(await world.sync(session, wanted)).toMatchObject({ health: "healthy", message: "" });
      expect((await world.inventory())?.parent).toMatchObject({ engine: "same", state: "finished" });
    });

    it("two that have nothing to do write nothing, and one puts back what drifts", async () => {
      const world = await newWorld();
      const wanted = desired(world, "1");
      const first = world.open({ engine: "first" });
      await world.sync(first, wanted);
      const watching = sleepingApi(world.api, { at: () => false, when: "before" });
      const second = world.open({ api: watching.api, engine: "second" });
      const before = await versions(world);
      expect(await world.sync(second, wanted)).toMatchObject({ health: "healthy", message: "" });
      expect(await versions(world)).toEqual(before);

      const type = await world.typeOf(config(world, "app"));
      const at = { namespace: world.name, name: "app" };
      await world.api.jsonPatch(type, at, [{ op: "replace", path: "/data/key", value: "theirs" }], NEVER);
      await expect.poll(() => data(world, config(world, "app")), SOON).toEqual({ key: "1" });
      await expect.poll(() => second.live().health, SOON).toBe("healthy");
      expect(watching.writes).toEqual([]);
      expect((await world.inventory())?.object).toMatchObject({
        metadata: { annotations: { "strata.dev/engine": "first" } },
      });
      const [parent, ...rest] = await versions(world);
      expect([parent, ...rest.slice(0, 2)]).toEqual(before.slice(0, 3));
    });
  });

  it("what is kept for others' objects costs an engine that starts cold no write", async () => {
    const world = await newWorld();
    const theirs = config(world, "theirs");
    await world.sync(world.open(), desired(world, "1"));
    await world.create(theirs);
    const empty = world.desired();
    expect(await world.sync(world.open(), empty)).toMatchObject({
      health: "healthy",
    });
    const before = await versions(world, "theirs");
    const watching = sleepingApi(world.api, { at: () => false, when: "before" });
    expect(await world.sync(world.reopen({ api: watching.api }), empty)).toMatchObject({ health: "healthy" });
    expect(watching.writes).toEqual([]);
    expect(await versions(world, "theirs")).toEqual(before);
  });

  describe("an older commit", () => {
    it("that main was set back to is applied at once by the engine whose turn it is", async () => {
      const world = await newWorld();
      const session = world.open({ clock: () => 0 });
      const older = desired(world, "1");
      await world.sync(session, older);
      await world.sync(session, desired(world, "2", "more"));
      expect(await world.sync(session, older)).toMatchObject({ health: "healthy", message: "" });
      expect(await data(world, config(world, "app"))).toEqual({ key: "1" });
      expect(await world.get(config(world, "more"))).toBeUndefined();
    });

    it.each([
      ["starts with it", false],
      ["had applied it before", true],
    ])(
      "is applied by another engine, which %s, only when all was quiet and the repository says that it is main's tip",
      async (_, isOld) => {
        const world = await newWorld();
        const { clock, turn } = clockOf();
        const asked: string[] = [];
        let isTip = false;
        const session = world.open({
          engine: "other",
          clock,
          isTip: async (commit) => {
            asked.push(commit);
            return isTip;
          },
        });
        const older = desired(world, "1");
        if (isOld) await world.sync(session, older);
        const newer = world.open({ engine: "newer" });
        await world.sync(newer, desired(world, "2", "more"));
        await newer.close();
        const before = await versions(world, "more");
        if (!isOld) void session.sync(older, NEVER);
        await says(session, "another engine (newer) has applied commit commit-2");
        const questions = asked.length;
        expect(asked).toContain(older.commit);

        turn(60_000);
        session.stands(older.commit);
        await expect.poll(() => asked.length, SOON).toBe(questions + 1);
        expect(await versions(world, "more")).toEqual(before);

        isTip = true;
        turn(60_000);
        session.stands(older.commit);
        await expect.poll(() => data(world, config(world, "app")), SOON).toEqual({ key: "1" });
        await expect.poll(() => world.get(config(world, "more")), SOON).toBeUndefined();
        await expect.poll(() => session.live(), SOON).toMatchObject({ health: "healthy", message: "" });
      },
    );
  });

  it("an engine whose inventory is taken away asks the repository before it installs again", async () => {
    const world = await newWorld();
    const asked: string[] = [];
    const tip = Promise.withResolvers<boolean>();
    const session = world.open({
      isTip: (commit) => {
        asked.push(commit);
        return tip.promise;
      },
    });
    await world.sync(session, desired(world, "1"));
    await world.loseInventory();
    await world.delete(config(world, "app"));
    await expect.poll(() => asked, SOON).toEqual(["commit-1"]);
    expect(await world.get(config(world, "app"))).toBeUndefined();
    tip.resolve(true);
    await expect.poll(() => data(world, config(world, "app")), SOON).toEqual({ key: "1" });
    await expect.poll(() => world.listed(), SOON).toHaveLength(3);
  });
}
