import pLimit from "p-limit";
import { describe, expect, it } from "vitest";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { describeId, type KubeObject, objectIdOf } from "../../engine/model/kube-object.ts";
import { type Cut, cutApi } from "./cut-api.ts";
import { configMap, layer, namespace, PART_OF, service, useWorlds, type World } from "./world.ts";

/** A sync that does everything at once: creates, changes, adopts, releases, moves and deletes. */
function states(world: World) {
  const { name } = world;
  const kept = namespace(name);
  const leaving = namespace(`${name}-leaving`);
  const theirs = configMap(name, "theirs", { by: "them" });
  const released = configMap(name, "released", { by: "them" });
  const before = [
    layer("base", [kept, leaving, configMap(name, "changed", { value: "1" }), configMap(name, "deleted")]),
    layer("app", [
      configMap(leaving.metadata.name, "deleted"),
      configMap(name, "released", { by: "us" }),
      service(name, "moved"),
    ]),
  ];
  const after = [
    layer("base", [kept, configMap(name, "changed", { value: "2" }), service(name, "moved")]),
    layer("app", [configMap(name, "created"), configMap(name, "theirs", { by: "us" })]),
  ];
  return { before, after, foreign: [theirs, released], leaving };
}

function ids(layers: ReturnType<typeof states>["after"]): readonly string[] {
  return layers
    .flatMap(({ objects }) => objects.map(({ object }) => describeId(objectIdOf(object))))
    .toSorted();
}

async function begin(world: World): Promise<ReturnType<typeof states>> {
  const plan = states(world);
  await world.create(namespace(world.name));
  for (const object of plan.foreign) await world.create(object);
  const session = world.open();
  await world.sync(session, world.desired(...plan.before));
  await session.close();
  return plan;
}

async function expectAfter(world: World, plan: ReturnType<typeof states>): Promise<void> {
  const samples = [namespace("x"), configMap("x", "x"), service("x", "x")];
  expect(await world.listed()).toEqual(ids(plan.after));
  expect(await world.labelled(...samples)).toEqual(ids(plan.after));
  const data = async (name: string): Promise<unknown> => (await world.get(configMap(world.name, name)))?.data;
  expect(await data("changed")).toEqual({ value: "2" });
  expect(await data("released")).toEqual({ by: "us" });
  expect(await data("theirs")).toEqual({ by: "us" });
  expect(await world.get(plan.leaving)).toBeUndefined();
}

/** Uninstalling is the proof of what is whose: what was there before stays, and all else goes. */
async function expectUninstall(world: World, session: ReturnType<World["open"]>): Promise<void> {
  await world.sync(session, world.desired());
  expect(await world.listed()).toEqual([]);
  for (const name of ["theirs", "released"]) {
    const object: KubeObject | undefined = await world.get(configMap(world.name, name));
    expect(object?.data).toEqual({ by: "us" });
    expect(object?.metadata.labels ?? {}).not.toHaveProperty([PART_OF]);
  }
  expect(await world.get(configMap(world.name, "created"))).toBeUndefined();
  expect(await world.get(service(world.name, "moved"))).toBeUndefined();
}

/** At whatever write an engine dies, or the network fails, nothing is lost track of and nothing is wrongly pruned. */
export function killSuite(connect: () => Promise<KubeApi>): void {
  const newWorld = useWorlds(connect);
  const limit = pLimit(6);

  /** Runs `attempt` for the first write, the second … until one is not reached. */
  async function forEveryWrite(attempt: (at: number) => Promise<boolean>): Promise<void> {
    let beyond = false;
    let reached = 0;
    const next = async (at: number): Promise<void> => {
      if (beyond) return;
      if (await attempt(at)) reached += 1;
      else beyond = true;
    };
    await Promise.all(Array.from({ length: 60 }, (_, index) => limit(() => next(index + 1))));
    expect(beyond).toBe(true);
    expect(reached).toBeGreaterThan(10);
  }

  describe.each<Cut>(["before", "after"])("cut %s the request takes effect", (cut) => {
    it("an engine that is killed leaves all to the next one", { timeout: 300_000 }, async () => {
      await forEveryWrite(async (at) => {
        const world = await newWorld();
        const plan = await begin(world);
        const { api, happened } = cutApi(world.api, { at, cut, kill: true });
        const killed = world.open({ api });
        const superseding = new AbortController();
        const outcome = killed.sync(world.desired(...plan.after), superseding.signal);
        const reached = await Promise.race([happened.then(() => true), outcome.then(() => false)]);
        await killed.close();
        const session = world.open();
        expect(await world.sync(session, world.desired(...plan.after))).toMatchObject({ health: "healthy" });
        await expectAfter(world, plan);
        await expectUninstall(world, session);
        return reached;
      });
    });

    it("an engine goes on by itself after a fault of the network", { timeout: 300_000 }, async () => {
      await forEveryWrite(async (at) => {
        const world = await newWorld();
        const plan = await begin(world);
        let reached = false;
        const { api, happened } = cutApi(world.api, { at, cut, kill: false });
        void happened.then(() => (reached = true));
        const session = world.open({ api });
        expect(await world.sync(session, world.desired(...plan.after))).toMatchObject({ health: "healthy" });
        await expectAfter(world, plan);
        await expectUninstall(world, session);
        return reached;
      });
    });
  });
}
