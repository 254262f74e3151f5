import { describe, expect, it } from "vitest";
import type { ConnectTarget } from "./targets.ts";
import { describeId, type KubeObject, objectIdOf } from "../../engine/model/kube-object.ts";
import { type Cut, cutApi, forEveryWrite } from "./cut-api.ts";
import { configMap, layer, namespace, PART_OF, service, useWorlds, type World } from "./world.ts";

const NEVER = new AbortController().signal;

/** A sync that does everything at once: creates, changes, adopts, releases, moves and deletes. */
function states(world: World) {
  const { name } = world;
  const kept = namespace(name);
  const leaving = namespace(`${name}-leaving`);
  const coming = namespace(`${name}-new`);
  const theirs = configMap(name, "theirs", { by: "them", stale: "yes" });
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
    layer("base", [kept, coming, configMap(name, "changed", { value: "2" }), service(name, "moved")]),
    layer("app", [
      configMap(name, "created"),
      configMap(coming.metadata.name, "created"),
      configMap(name, "theirs", { by: "us" }),
    ]),
  ];
  return { before, after, foreign: [theirs, released], leaving, coming };
}

function ids(layers: ReturnType<typeof states>["after"]): readonly string[] {
  return layers
    .flatMap(({ objects }) => objects.map(({ object }) => describeId(objectIdOf(object))))
    .toSorted();
}

async function begin(world: World): Promise<ReturnType<typeof states>> {
  const plan = states(world);
  await world.create(namespace(world.name));
  for (const object of plan.foreign) {
    await world.create(object);
    const byHelm = { op: "replace", path: "/metadata/managedFields/0/manager", value: "helm" } as const;
    await world.api.jsonPatch(await world.typeOf(object), objectIdOf(object), [byHelm], NEVER);
  }
  const session = world.open();
  await world.sync(session, world.desired(...plan.before));
  await session.close();
  return plan;
}

/** What is recorded, what carries our label and what was asked for are the same. */
async function expectOnly(world: World, layers: ReturnType<typeof states>["after"]): Promise<void> {
  const samples = [namespace("x"), configMap("x", "x"), service("x", "x")];
  expect(await world.listed()).toEqual(ids(layers));
  expect(await world.labelled(...samples)).toEqual(ids(layers));
}

async function expectAfter(world: World, plan: ReturnType<typeof states>): Promise<void> {
  await expectOnly(world, plan.after);
  const data = async (name: string): Promise<unknown> => (await world.get(configMap(world.name, name)))?.data;
  expect(await data("changed")).toEqual({ value: "2" });
  expect(await data("released")).toEqual({ by: "us" });
  expect(await data("theirs")).toEqual({ by: "us" });
  expect(await world.get(plan.leaving)).toBeUndefined();
}

/** Uninstalling is the proof of what is whose: what was there before stays, and all else goes. */
async function expectUninstall(world: World, session: ReturnType<World["open"]>): Promise<void> {
  const { coming, leaving } = states(world);
  await world.sync(session, world.desired());
  expect(await world.listed()).toEqual([]);
  for (const name of ["theirs", "released"]) {
    const object: KubeObject | undefined = await world.get(configMap(world.name, name));
    expect(object?.data).toMatchObject({ by: expect.any(String) });
    expect(object?.metadata.labels ?? {}).not.toHaveProperty([PART_OF]);
  }
  expect(await world.get(configMap(world.name, "created"))).toBeUndefined();
  expect(await world.get(service(world.name, "moved"))).toBeUndefined();
  expect(await world.get(coming)).toBeUndefined();
  expect(await world.get(leaving)).toBeUndefined();
}

/** At whatever write an engine dies, or the network fails, nothing is lost track of and nothing is wrongly pruned. */
export function killSuite(connect: ConnectTarget): void {
  const newWorld = useWorlds(connect);
  describe.each<Cut>(["before", "after"])("cut %s the request takes effect", (cut) => {
    /** @returns whether the engine was killed on the way from `before` to `after`, or came to its end */
    async function killedOnTheWay(
      world: World,
      plan: ReturnType<typeof states>,
      at: number,
    ): Promise<boolean> {
      const { api, happened } = cutApi(world.api, { at, cut, kill: true });
      const session = world.open({ api });
      const outcome = session.sync(world.desired(...plan.after), new AbortController().signal);
      const killed = await Promise.race([happened.then(() => true), outcome.then(() => false)]);
      await session.close();
      return killed;
    }

    it("an engine that is killed leaves all to the next one", { timeout: 300_000 }, async () => {
      await forEveryWrite(10, async (at) => {
        const world = await newWorld();
        const plan = await begin(world);
        const killed = await killedOnTheWay(world, plan, at);
        const session = world.open();
        expect(await world.sync(session, world.desired(...plan.after))).toMatchObject({ health: "healthy" });
        await expectAfter(world, plan);
        await expectUninstall(world, session);
        return killed;
      });
    });

    it("what a killed engine began can be taken back", { timeout: 300_000 }, async () => {
      await forEveryWrite(10, async (at) => {
        const world = await newWorld();
        const plan = await begin(world);
        const killed = await killedOnTheWay(world, plan, at);
        const session = world.open();
        expect(await world.sync(session, world.desired(...plan.before))).toMatchObject({ health: "healthy" });
        await expectOnly(world, plan.before);
        await expectUninstall(world, session);
        return killed;
      });
    });

    it("an engine goes on by itself after a fault of the network", { timeout: 300_000 }, async () => {
      await forEveryWrite(10, async (at) => {
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
