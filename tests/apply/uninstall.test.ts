import { describe, expect, it } from "vitest";
import type { LayerName } from "../../engine/model/desired.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { onEachTarget } from "./targets.ts";
import { configMap, deployment, layer, namespace, useWorlds, type World } from "./world.ts";

const LAYERS: readonly LayerName[] = ["base", "app"].map((name) => ({
  profile: "web",
  name,
  type: "manifest",
}));

/** The desired state of a cluster that is being deleted. */
function leaving(world: World) {
  return { ...world.desired(), uninstall: LAYERS };
}

/** Nothing can be said of what is not asked for: what is there, and not on its way out. */
async function present(world: World, ...objects: readonly KubeObject[]): Promise<string[]> {
  const found = await Promise.all(objects.map((object) => world.get(object)));
  return found.flatMap((object) =>
    object === undefined || object.metadata.deletionTimestamp !== undefined ? [] : [object.metadata.name],
  );
}

onEachTarget((connect) => {
  const newWorld = useWorlds(() => connect());

  describe("an uninstall", () => {
    it("takes layers away in reverse, names the finalizer that holds one up, and its inventory last", async () => {
      const world = await newWorld();
      const own = namespace(world.name);
      const config = configMap(world.name, "config");
      const held = configMap(world.name, "held");
      const holding = { ...held, metadata: { ...held.metadata, finalizers: ["example.com/hold"] } };
      const web = deployment(world.name, "web");
      const session = world.open();
      await world.sync(session, world.desired(layer("base", [own, config]), layer("app", [web, holding])));
      const done = world.sync(session, leaving(world), 90_000);
      await expect
        .poll(() => session.live().blockedBy, { timeout: 30_000 })
        .toMatchObject([
          {
            code: "prune-waiting",
            object: `ConfigMap ${world.name}/held`,
            message: expect.stringContaining("example.com/hold"),
          },
        ]);
      expect(session.live()).toMatchObject({
        health: "deleting",
        message: expect.stringMatching(
          new RegExp(`^web/app: 1 object to go; ConfigMap ${world.name}/held: .*example.com/hold`),
        ),
        layers: [
          { name: "base", state: "pending", message: "2 objects to go" },
          {
            name: "app",
            state: "waiting",
            message: expect.stringContaining(`; ConfigMap ${world.name}/held: it is being deleted`),
          },
        ],
        leftovers: {
          left: [
            expect.stringMatching(new RegExp(`^ConfigMap ${world.name}/held: .*example.com/hold`)),
            `Namespace ${world.name}`,
            `ConfigMap ${world.name}/config`,
          ],
        },
      });
      expect(await present(world, config, web)).toEqual(["config"]);
      await world.api.jsonPatch(
        await world.typeOf(held),
        { namespace: world.name, name: "held" },
        [{ op: "remove", path: "/metadata/finalizers" }],
        AbortSignal.timeout(30_000),
      );
      expect(await done).toMatchObject({
        health: "deleting",
        uninstalled: true,
        layers: [{ state: "gone" }, { state: "gone" }],
        blockedBy: [],
        leftovers: { left: [], kept: [], released: [] },
      });
      await expect.poll(() => world.get(own), { timeout: 60_000 }).toBeUndefined();
      expect(await world.inventory()).toBeUndefined();
    });

    it("goes on where another session was stopped, and ends at once where nothing is left", async () => {
      const world = await newWorld();
      const objects = [namespace(world.name), configMap(world.name, "a"), configMap(world.name, "b")];
      const first = world.open();
      await world.sync(first, world.desired(layer("base", objects)));
      void first.sync(leaving(world), AbortSignal.timeout(60_000));
      await first.close();
      const second = world.open();
      expect(await world.sync(second, leaving(world))).toMatchObject({ uninstalled: true });
      expect(await present(world, ...objects)).toEqual([]);
      const third = world.open();
      expect(await world.sync(third, leaving(world))).toMatchObject({ uninstalled: true, blockedBy: [] });
    });

    it("lets go of what it keeps, and of what was there before", async () => {
      const world = await newWorld();
      const own = namespace(world.name);
      const adopted = configMap(world.name, "adopted", { key: "theirs" });
      await world.create(own);
      await world.create(adopted);
      const session = world.open();
      await world.sync(session, world.desired(layer("base", [own, adopted, configMap(world.name, "ours")])));
      expect(await world.sync(session, leaving(world))).toMatchObject({
        uninstalled: true,
        leftovers: {
          left: [],
          kept: [],
          released: expect.arrayContaining([`Namespace ${world.name}`, `ConfigMap ${world.name}/adopted`]),
        },
      });
      expect(await present(world, own, adopted, configMap(world.name, "ours"))).toEqual([
        world.name,
        "adopted",
      ]);
      expect(await world.labelled(own, adopted)).toEqual([]);
    });
  });
});
