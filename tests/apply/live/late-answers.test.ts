import { expect, it } from "vitest";
import { LiveObjects } from "../../../engine/apply/live/live-objects.ts";
import { uidOf } from "../../../engine/apply/ownership.ts";
import type { KubeApi } from "../../../engine/cluster/types.ts";
import { type KubeObject, objectIdOf, objectKey } from "../../../engine/model/kube-object.ts";
import { onEachTarget } from "../targets.ts";
import { configMap, layer, namespace, PART_OF, useWorlds, type World } from "../world.ts";

const SOON = { timeout: 20_000 };
const NEVER = new AbortController().signal;

onEachTarget((connect) => {
  const newWorld = useWorlds(connect);

  it("an object that is deleted before the answer to its apply arrives is made again", async () => {
    const world = await newWorld();
    const [kept, late] = [configMap(world.name, "kept"), configMap(world.name, "late")];
    const { api, isHeld, deleted } = holdingAnswers(world.api, "late");
    const session = world.open({ api });
    await world.sync(session, world.desired(layer("app", [namespace(world.name), kept])));
    const synced = world.sync(session, world.desired(layer("app", [namespace(world.name), kept, late])));
    await isHeld;
    const first = await world.get(late);
    await world.delete(late);
    await deleted;
    await synced;
    const uid = async () => (await world.get(late))?.metadata.uid;
    await expect.poll(uid, SOON).toEqual(expect.any(String));
    expect(await uid()).not.toBe(first?.metadata.uid);
    await expect.poll(() => session.live().health, SOON).toBe("healthy");
  });

  it("what only an answer told of is gone where a listing that is newer lacks it", async () => {
    const world = await newWorld();
    await world.create(namespace(world.name));
    const [gone, there] = [await labelled(world, "gone"), await labelled(world, "there")];
    await world.delete(gone);
    const told: string[] = [];
    const live = new LiveObjects({
      api: world.api,
      applySet: world.applySet,
      entryOf: () => undefined,
      onChange: (key, facts) => told.push(`${key} ${facts === undefined ? "gone" : "there"}`),
      onWatch: () => undefined,
      now: Date.now,
    });
    for (const object of [gone, there]) live.observe(object);
    await live.watch(new Map([[await world.typeOf(gone), new Set()]]), NEVER);
    const keys = [gone, there].map((object) => objectKey(objectIdOf(object)));
    expect(keys.map((key) => live.get(key)?.uid)).toEqual([undefined, uidOf(there)]);
    live.observe(gone);
    expect(told).toEqual([`${keys[0]} there`, `${keys[1]} there`, `${keys[0]} gone`, `${keys[0]} gone`]);
    live.close();
    await world.delete(namespace(world.name));
  });
});

/** A ConfigMap with our label. */
function labelled(world: World, name: string): Promise<KubeObject> {
  const object = configMap(world.name, name);
  return world.create({
    ...object,
    metadata: { ...object.metadata, labels: { [PART_OF]: world.applySet } },
  });
}

/** The first answer to an apply of an object waits until its watch told that the object is gone. */
function holdingAnswers(api: KubeApi, name: string) {
  const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>();
  const { promise: deleted, resolve: tell } = Promise.withResolvers<void>();
  const holding: KubeApi = {
    ...api,
    apply: async (type, object, options, signal) => {
      const answer = await api.apply(type, object, options, signal);
      if (object.metadata.name === name) {
        hold();
        await deleted;
      }
      return answer;
    },
    watch: (type, selection, handlers) =>
      api.watch(type, selection, {
        ...handlers,
        onGone: (gone) => {
          handlers.onGone(gone);
          if (gone.name === name) tell();
        },
      }),
  };
  return { api: holding, isHeld, deleted };
}
