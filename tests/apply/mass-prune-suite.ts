import { describe, expect, it } from "vitest";
import { lookAtPrune } from "../../engine/apply/dry-run/look-at-prune.ts";
import { resourceVersionOf } from "../../engine/apply/ownership.ts";
import type { Desired } from "../../engine/model/desired.ts";
import { type KubeObject, objectIdOf } from "../../engine/model/kube-object.ts";
import type { PruneView } from "../../engine/model/view.ts";
import { type Cut, cutApi, forEveryWrite } from "./cut-api.ts";
import type { ConnectTarget } from "./targets.ts";
import { configMap, layer, namespace, useWorlds, type World } from "./world.ts";

const NEVER = new AbortController().signal;

/** A sync that would delete much of a cluster stops before that, until it is approved or what leaves is back. */
export function massPruneSuite(connect: ConnectTarget): void {
  const newWorld = useWorlds(connect);

  describe("a mass deletion", () => {
    it("stops with nothing deleted, also after a restart and with more on top; what is back ends it", async () => {
      const world = await newWorld();
      const all = await begin(world, 19);
      const foreign = await world.create(configMap(world.name, "foreign", { by: "them" }));
      const session = world.open();
      const changed = [...all.slice(0, 7), configMap(world.name, "c6", { value: "2" })];
      const live = await world.sync(session, world.desired(layer("app", changed)));
      const massDeletion = { id: expect.stringMatching(/^[0-9a-f]{16}$/), deletes: 12, of: 20 };
      expect(live).toMatchObject({ health: "degraded", massDeletion, layers: [{ state: "healthy" }] });
      expect(live.lastSync).not.toHaveProperty("finishedAt");
      const id = live.massDeletion?.id ?? "";
      expect(live.blockedBy).toMatchObject([
        {
          code: "prune-stopped",
          message: expect.stringContaining("12 of 20"),
          hint: expect.stringContaining(id),
        },
      ]);
      expect(live.message).toBe(live.blockedBy[0]?.message);
      expect((await world.get(configMap(world.name, "c6")))?.data).toEqual({ value: "2" });
      expect(await world.labelled(...all)).toHaveLength(20);
      await session.close();

      const next = world.reopen();
      const again = await world.sync(next, world.desired(layer("app", changed)));
      expect(again.massDeletion).toEqual(live.massDeletion);
      const more = Array.from({ length: 30 }, (_, index) => configMap(world.name, `more${index}`));
      const grown = await world.sync(next, world.desired(layer("app", [...changed, ...more])));
      expect(grown.massDeletion).toEqual(live.massDeletion);
      await next.close();
      const restarted = world.reopen();
      const still = await world.sync(restarted, world.desired(layer("app", [...changed, ...more])));
      expect(still.massDeletion).toEqual(live.massDeletion);
      const less = await world.sync(restarted, world.desired(layer("app", changed.slice(0, 3))));
      expect(less.massDeletion?.deletes).toBeGreaterThan(12);
      expect(await world.labelled(...all)).toHaveLength(50);

      const back = await world.sync(restarted, world.desired(layer("app", [...all, ...more])));
      expect(back).toMatchObject({ health: "healthy", message: "", blockedBy: [] });
      expect(back).not.toHaveProperty("massDeletion");
      const object = await world.get(foreign);
      expect(object === undefined ? "gone" : resourceVersionOf(object)).toBe(resourceVersionOf(foreign));
    });

    it("goes on by its id, and by no other", async () => {
      const world = await newWorld();
      const all = await begin(world, 19);
      const session = world.open();
      const [twelve, thirteen] = [all.slice(0, 8), all.slice(0, 7)].map((objects) => layer("app", objects));
      if (twelve === undefined || thirteen === undefined) throw new Error("there are two layers");
      const stopped = await world.sync(session, world.desired(twelve));
      const prune = stopped.massDeletion?.id ?? "";
      const view = await look(world, world.desired(twelve));
      expect(view).toMatchObject({ massDeletion: stopped.massDeletion, volumes: [], kept: [] });
      expect(view.stopped).toHaveLength(12);
      expect(view.stopped).toContainEqual({
        layer: "web/app",
        object: `ConfigMap ${world.name}/c7`,
        why: "the layer no longer has it",
      });
      const other = await world.sync(session, { ...world.desired(thirteen), prune });
      expect(other).toMatchObject({ health: "degraded", massDeletion: { deletes: 13 } });
      const gone = await world.sync(session, { ...world.desired(twelve), prune });
      expect(gone).toMatchObject({ health: "healthy", blockedBy: [] });
      expect(await world.labelled(...all)).toEqual(await world.listed());
      expect(await world.listed()).toHaveLength(8);
    });

    it("is none where half goes, or ten", async () => {
      const world = await newWorld();
      const all = await begin(world, 19);
      const session = world.open();
      for (const left of [10, 0]) {
        const live = await world.sync(session, world.desired(layer("app", all.slice(0, left))));
        expect(live).toMatchObject({ health: "healthy", blockedBy: [] });
        expect(await world.listed()).toHaveLength(left);
      }
    });
  });

  describe("volumes", () => {
    it("are kept, and taken by an id that stands for them", async () => {
      const world = await newWorld();
      const claim = claimOf(world);
      const all = [...(await begin(world, 9)), volume(world), claim];
      const session = world.open();
      await world.sync(session, world.desired(layer("app", all)));
      const none = world.desired(layer("app", all.slice(0, 1)));
      const live = await world.sync(session, none);
      const kept = [`PersistentVolume ${world.name}-data`, `PersistentVolumeClaim ${world.name}/data`];
      expect(live.blockedBy.map(({ code, object }) => `${code} ${object}`).toSorted()).toEqual(
        kept.map((object) => `kept-volume ${object}`),
      );
      const view = await look(world, none);
      expect(view.massDeletion).toBeNull();
      expect(view.volumes.map(({ object }) => object).toSorted()).toEqual(kept);
      const gone = await world.sync(session, { ...none, prune: view.idWithVolumes ?? "" });
      expect(gone).toMatchObject({ health: "healthy", blockedBy: [] });
      expect(await world.get(claim)).toBeUndefined();
      expect(await world.get(volume(world))).toBeUndefined();
      expect(await look(world, none)).toMatchObject({ volumes: [], idWithVolumes: null });
    });

    it("that were let go go on without the word, when it is gone from the lock", async () => {
      const world = await newWorld();
      const held = volume(world, ["example.com/hold"]);
      const session = world.open();
      await world.sync(session, world.desired(layer("app", [held])));
      await world.sync(session, world.desired());
      const view = await look(world, world.desired());
      const going = session.sync({ ...world.desired(), prune: view.idWithVolumes ?? "" }, NEVER);
      await expect.poll(() => session.live().blockedBy, POLL).toMatchObject([{ code: "prune-waiting" }]);
      await session.close();
      expect(await going).toEqual({ state: "superseded" });
      const next = world.reopen();
      void next.sync(world.desired(), NEVER);
      await expect.poll(() => next.live().blockedBy, POLL).toMatchObject([{ code: "prune-waiting" }]);
      const steps = [{ op: "replace", path: "/metadata/finalizers", value: [] }] as const;
      await world.api.jsonPatch(await world.typeOf(held), objectIdOf(held), steps, NEVER);
      await expect.poll(() => world.get(held), POLL).toBeUndefined();
      await expect.poll(() => next.live().health, POLL).toBe("healthy");
    });
  });

  describe.each<Cut>(["before", "after"])("an approved one cut %s the request takes effect", (cut) => {
    it("goes on in the next engine", { timeout: 300_000 }, async () => {
      await forEveryWrite(12, async (at) => {
        const world = await newWorld();
        const all = [...(await begin(world, 19)), volume(world)];
        const session = world.open();
        await world.sync(session, world.desired(layer("app", all)));
        const left = layer("app", all.slice(0, 8));
        const prune = (await look(world, world.desired(left))).idWithVolumes ?? "";
        await session.close();
        const { api, happened } = cutApi(world.api, { at, cut, kill: true });
        const dying = world.reopen({ api });
        const outcome = dying.sync({ ...world.desired(left), prune }, NEVER);
        const killed = await Promise.race([happened.then(() => true), outcome.then(() => false)]);
        await dying.close();
        const live = await world.sync(world.reopen(), { ...world.desired(left), prune });
        expect(live).toMatchObject({ health: "healthy", blockedBy: [] });
        expect(await world.listed()).toHaveLength(8);
        expect(await world.labelled(...all)).toEqual(await world.listed());
        return killed;
      });
    });
  });
}

const POLL = { timeout: 30_000 };

/** A Namespace and so many ConfigMaps `c0`, `c1` … run. */
async function begin(world: World, count: number): Promise<KubeObject[]> {
  const maps = Array.from({ length: count }, (_, index) =>
    configMap(world.name, `c${index}`, { value: "1" }),
  );
  const all = [namespace(world.name), ...maps];
  const session = world.open();
  expect(await world.sync(session, world.desired(layer("app", all)))).toMatchObject({ health: "healthy" });
  await session.close();
  return all;
}

function look(world: World, desired: Desired): Promise<PruneView> {
  const { api } = world;
  return lookAtPrune(desired, { api, isDirectory: () => true, takesOver: false, signal: NEVER });
}

const STORAGE = { storageClassName: "by-hand", accessModes: ["ReadWriteOnce"] };

function volume({ name }: World, finalizers?: readonly string[]): KubeObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `${name}-data`, ...(finalizers === undefined ? {} : { finalizers }) },
    spec: { ...STORAGE, capacity: { storage: "1Gi" }, hostPath: { path: "/nonexistent" } },
  };
}

function claimOf({ name }: World): KubeObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: name },
    spec: { ...STORAGE, volumeName: `${name}-data`, resources: { requests: { storage: "1Gi" } } },
  };
}
