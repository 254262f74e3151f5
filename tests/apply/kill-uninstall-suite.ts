import { describe, expect, it } from "vitest";
import { isOwnApplyEntry, managedEntries } from "../../engine/apply/live-digest.ts";
import { ADOPTED_ANNOTATION } from "../../engine/apply/marks.ts";
import { resourceVersionOf, textAt } from "../../engine/apply/ownership.ts";
import type { ClusterSession } from "../../engine/apply/session-types.ts";
import type { Desired } from "../../engine/model/desired.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { type Cut, cutApi, forEveryWrite } from "./cut-api.ts";
import type { ConnectTarget } from "./targets.ts";
import { configMap, layer, namespace, PART_OF, service, useWorlds, type World } from "./world.ts";

/** A cluster with all that an uninstall meets: what is ours, what was there before, what is kept, and what is foreign. */
function installed({ name }: World) {
  const own = namespace(`${name}-own`);
  const shared = namespace(name);
  const held = namespace(`${name}-held`);
  const volume: KubeObject = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `${name}-data` },
    spec: {
      storageClassName: "by-hand",
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      hostPath: { path: "/nonexistent" },
    },
  };
  const theirs = configMap(name, "theirs", { by: "them" });
  const ours = [
    own,
    configMap(own.metadata.name, "a"),
    configMap(own.metadata.name, "b"),
    service(name, "web"),
  ];
  const [, first, second, web] = ours;
  const layers = [
    layer("base", [own, held, shared, volume, ...(first === undefined ? [] : [first])]),
    layer("app", [theirs, ...[second, web].filter((object) => object !== undefined)]),
  ];
  return {
    layers,
    ours,
    /** Made by us, and kept. */
    kept: [volume, held],
    volume,
    /** Taken over. */
    before: [shared, theirs],
    foreign: [configMap(held.metadata.name, "foreign", { by: "others" }), configMap(name, "beside")],
  };
}

type Installed = ReturnType<typeof installed>;

function leaving(world: World, { layers }: Installed): Desired {
  return {
    ...world.desired(),
    uninstall: layers.map(({ profile, name, type }) => ({ profile, name, type })),
  };
}

async function begin(world: World): Promise<Installed> {
  const plan = installed(world);
  for (const object of plan.before) await world.create(object);
  const session = world.open();
  expect(await world.sync(session, world.desired(...plan.layers))).toMatchObject({ health: "healthy" });
  await session.close();
  for (const object of plan.foreign) await world.create(object);
  return plan;
}

/** Nothing of ours is left, nothing foreign was touched, and whatever stays carries no mark of ours. */
async function expectGone(world: World, plan: Installed, untouched: readonly string[]): Promise<void> {
  expect(await world.inventoryObjects()).toEqual([]);
  expect(await Promise.all(plan.ours.map((object) => world.get(object)))).toEqual(
    plan.ours.map(() => undefined),
  );
  for (const object of [...plan.kept, ...plan.before]) {
    const found = await world.get(object);
    if (found === undefined) throw new Error(`${object.kind} ${object.metadata.name} is gone`);
    expect(found.metadata).not.toHaveProperty("deletionTimestamp");
    expect(textAt(found, "labels", PART_OF)).toBeUndefined();
    expect(textAt(found, "annotations", ADOPTED_ANNOTATION)).toBeUndefined();
    expect(managedEntries(found).filter(isOwnApplyEntry)).toEqual([]);
  }
  expect(await versions(world, plan.foreign)).toEqual(untouched);
}

async function versions(world: World, objects: readonly KubeObject[]): Promise<string[]> {
  const found = await Promise.all(objects.map((object) => world.get(object)));
  return found.map((object) => (object === undefined ? "gone" : resourceVersionOf(object)));
}

/** At whatever write of an uninstall an engine dies, or the network fails, the next one comes to its end. */
export function killUninstallSuite(connect: ConnectTarget): void {
  const newWorld = useWorlds(connect);

  describe.each<Cut>(["before", "after"])("an uninstall cut %s the request takes effect", (cut) => {
    interface Cutting {
      readonly session: ClusterSession;
      readonly reached: Promise<boolean>;
    }
    function uninstallCut(world: World, plan: Installed, at: number, kill: boolean): Cutting {
      const { api, happened } = cutApi(world.api, { at, cut, kill });
      const session = world.open({ api });
      const outcome = session.sync(leaving(world, plan), AbortSignal.timeout(120_000));
      return { session, reached: Promise.race([happened.then(() => true), outcome.then(() => false)]) };
    }

    it("is finished by the next engine", { timeout: 300_000 }, async () => {
      await forEveryWrite(9, async (at) => {
        const world = await newWorld();
        const plan = await begin(world);
        const untouched = await versions(world, plan.foreign);
        const { session, reached } = uninstallCut(world, plan, at, true);
        const killed = await reached;
        await session.close();
        expect(await world.sync(world.open(), leaving(world, plan))).toMatchObject({ uninstalled: true });
        await expectGone(world, plan, untouched);
        await world.delete(plan.volume);
        return killed;
      });
    });

    it("goes on by itself after a fault of the network", { timeout: 300_000 }, async () => {
      await forEveryWrite(9, async (at) => {
        const world = await newWorld();
        const plan = await begin(world);
        const untouched = await versions(world, plan.foreign);
        const { session, reached } = uninstallCut(world, plan, at, false);
        const cutAt = await reached;
        await expect.poll(() => session.live().uninstalled, { timeout: 60_000 }).toBe(true);
        await expectGone(world, plan, untouched);
        await world.delete(plan.volume);
        return cutAt;
      });
    });

    it("can be taken back: the next engine installs all again", { timeout: 300_000 }, async () => {
      await forEveryWrite(9, async (at) => {
        const world = await newWorld();
        const plan = await begin(world);
        const { session, reached } = uninstallCut(world, plan, at, true);
        const killed = await reached;
        await session.close();
        const next = world.open();
        expect(await world.sync(next, world.desired(...plan.layers), 120_000)).toMatchObject({
          health: "healthy",
        });
        const all = plan.layers.flatMap(({ objects }) => objects);
        expect(await world.listed()).toHaveLength(all.length);
        expect(await world.labelled(...all.map(({ object }) => object))).toEqual(await world.listed());
        await world.delete(plan.volume);
        return killed;
      });
    });
  });
}
