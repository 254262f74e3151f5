import { describe, expect, it } from "vitest";
import { intendedEntry } from "../../../engine/apply/inventory/model.ts";
import { InventoryStore } from "../../../engine/apply/inventory/store.ts";
import type { ConnectTarget } from "../targets.ts";
import { objectKey } from "../../../engine/model/kube-object.ts";
import { type Cut, cutApi } from "../cut-api.ts";
import { useWorlds, type World } from "../world.ts";

const { signal } = new AbortController();

/** So many entries need more than one part. */
const MANY = 5000;

function fill(store: InventoryStore, count: number, layer = "p/l"): void {
  for (let index = 0; index < count; index += 1) {
    const id = {
      group: "apps",
      kind: "Deployment",
      namespace: "some-namespace",
      name: `some-deployment-${index}`,
    };
    store.set(objectKey(id), intendedEntry(id, "v1", layer.padEnd(60, "x")));
  }
}

/** The inventory as it is kept in a cluster. */
export function storeSuite(connect: ConnectTarget): void {
  const newWorld = useWorlds(connect);
  const storeOf = (world: World, api = world.api) =>
    new InventoryStore({ api, owner: world.owner, engine: "one", isDirectory: () => true, takesOver: false });

  async function reread(world: World): Promise<InventoryStore> {
    const store = storeOf(world);
    await store.load(signal);
    return store;
  }

  describe("an inventory", () => {
    it("grows by parts, is read back whole, and writes no part that did not change", async () => {
      const world = await newWorld();
      const store = storeOf(world);
      expect(await store.load(signal)).toEqual({ lost: true });
      fill(store, 10);
      await store.writeAhead("one", signal);
      fill(store, MANY);
      await store.writeAhead("two", signal);
      const again = await reread(world);
      expect(again.entries()).toEqual(store.entries());
      const parts = (await world.inventory())?.parts.size ?? 0;
      expect(parts).toBeGreaterThan(1);

      const [[key, entry] = []] = store.entries();
      if (key === undefined || entry === undefined) throw new Error("it is empty");
      const before = world.api.requests;
      again.set(key, { ...entry, uid: "changed" });
      await again.flush(signal);
      await again.flush(signal);
      expect(world.api.requests - before).toBe(1);
    });

    it("refuses to write over another writer, and keeps what it was to write", async () => {
      const world = await newWorld();
      const mine = await reread(world);
      fill(mine, 3);
      await mine.writeAhead("one", signal);
      const other = await reread(world);
      fill(other, 3, "p/other");
      await other.flush(signal);

      fill(mine, 4, "p/mine");
      await expect(mine.flush(signal)).rejects.toMatchObject({ code: "inventory-changed", retryable: true });
      expect(mine.loaded).toBe(false);
      await mine.load(signal);
      await mine.flush(signal);
      expect((await reread(world)).entries()).toEqual(mine.entries());
      expect(mine.entries().size).toBe(4);
    });

    it.each<Cut>(["before", "after"])(
      "loses no entry when its growth stops at any write, cut %s its effect",
      async (cut) => {
        for (let at = 1; ; at += 1) {
          const world = await newWorld();
          const first = await reread(world);
          fill(first, 100);
          await first.writeAhead("one", signal);
          const { api } = cutApi(world.api, { at, cut, kill: true });
          const growing = storeOf(world, api);
          await growing.load(signal);
          fill(growing, MANY);
          const done = await growing.writeAhead("two", signal).then(
            () => true,
            () => false,
          );
          const next = await reread(world);
          for (const key of first.entries().keys()) expect(next.get(key)).toBeDefined();
          fill(next, MANY);
          await next.writeAhead("two", signal);
          expect((await reread(world)).entries().size).toBe(MANY);
          if (done) return expect(at).toBeGreaterThan(3);
        }
      },
    );

    it("tells that it is lost where a part is gone", async () => {
      const world = await newWorld();
      const store = await reread(world);
      fill(store, MANY);
      await store.writeAhead("one", signal);
      const part = (await world.inventory())?.parts.get(1)?.object;
      if (part === undefined) throw new Error("there is one part only");
      await world.delete(part);
      const left = storeOf(world);
      expect(await left.load(signal)).toEqual({ lost: true });
      expect(left.entries().size).toBeLessThan(MANY);
    });
  });
}
