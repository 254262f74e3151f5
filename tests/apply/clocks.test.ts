import { expect, it } from "vitest";
import { resourceVersionOf } from "../../engine/apply/ownership.ts";
import type { Desired } from "../../engine/model/desired.ts";
import { objectIdOf } from "../../engine/model/kube-object.ts";
import { type ConnectTarget, onEachTarget } from "./targets.ts";
import { configMap, deployment, layer, namespace, useWorlds, webhook, type World } from "./world.ts";

const DAY = 86_400_000;
const SOON = { timeout: 20_000 };
const NEVER = new AbortController().signal;

function desired(world: World, key: string): Desired {
  const { name } = world;
  return world.desired(
    layer("base", [namespace(name), configMap(name, "app", { key })]),
    layer("web", [deployment(name, "web")]),
  );
}

/** Engines and servers whose clocks differ. */
function clocksSuite(connect: ConnectTarget): void {
  const newWorld = useWorlds(connect);

  it("clocks that are days apart, and from the server's, change nothing", async () => {
    const world = await newWorld();
    const app = configMap(world.name, "app");
    const data = async (): Promise<unknown> => (await world.get(app))?.data;
    const version = async () => {
      const objects = [await world.get(app), (await world.inventory())?.object];
      return objects.map((object) => object && resourceVersionOf(object));
    };
    const ahead = world.open({ engine: "ahead", now: () => Date.now() + DAY });
    const behind = world.open({ engine: "behind", now: () => Date.now() - DAY });
    for (const [first, second, key] of [
      [behind, ahead, "1"],
      [ahead, behind, "2"],
    ] as const) {
      const wanted = desired(world, key);
      expect(await world.sync(first, wanted)).toMatchObject({ health: "healthy", message: "" });
      const before = await version();
      expect(await world.sync(second, wanted)).toMatchObject({ health: "healthy", message: "" });
      expect(await version()).toEqual(before);
    }

    const theirs = { op: "add", path: "/data/key", value: "theirs" } as const;
    await world.api.jsonPatch(await world.typeOf(app), objectIdOf(app), [theirs], NEVER);
    await expect.poll(data, SOON).toEqual({ key: "2" });
    await expect.poll(() => world.notices.map(({ state }) => state), SOON).toEqual(["put-back"]);

    // What has to wait is given its time
    const finalizers = { op: "add", path: "/metadata/finalizers", value: ["example.com/never"] } as const;
    await world.api.jsonPatch(await world.typeOf(app), objectIdOf(app), [finalizers], NEVER);
    await world.delete(app);
    const codes = () => ahead.live().layers.flatMap(({ problems }) => problems.map(({ code }) => code));
    await expect.poll(codes, SOON).toContain("terminating");
    const gone = { op: "remove", path: "/metadata/finalizers" } as const;
    await world.api.jsonPatch(await world.typeOf(app), objectIdOf(app), [gone], NEVER);
    await expect.poll(() => ahead.live().health, SOON).toBe("healthy");
    expect(await data()).toEqual({ key: "2" });
    expect(world.changes.map(({ health }) => health)).not.toContain("degraded");
  });

  it("a clock that is set back while something waits holds nothing up", async () => {
    const world = await newWorld();
    let jump = 0;
    const session = world.open({ now: () => Date.now() + jump });
    const layers = [layer("base", [namespace(world.name)]), layer("hook", [webhook(world.name)], 3)];
    void session.sync(world.desired(...layers), NEVER);
    await expect.poll(() => session.live().layers[1]?.state, SOON).toBe("waiting");
    jump = -DAY;
    await expect.poll(() => session.live().layers[1]?.state, SOON).toBe("failed");
    expect(session.live().layers[1]?.message).toMatch(/^not accepted within 3 s/);
  });
}

onEachTarget(clocksSuite);
