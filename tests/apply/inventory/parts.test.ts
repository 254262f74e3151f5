import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeParts,
  encodeParts,
  PART_LIMIT,
  partCount,
  partOf,
  partWrites,
} from "../../../engine/apply/inventory/parts.ts";
import type { Entry } from "../../../engine/apply/inventory/model.ts";
import { objectKey } from "../../../engine/model/kube-object.ts";
import { inventories } from "../arbitraries.ts";

const counts = fc.constantFrom(1, 2, 4, 8);

describe("parts of an inventory", () => {
  it("give back the entries that were put in", () => {
    fc.assert(
      fc.property(inventories, counts, (entries, count) => {
        const read = decodeParts(encodeParts(entries, count), count);
        expect(read).toEqual({ entries, damaged: false });
      }),
    );
  });

  it("have the same text whatever the order of the entries", () => {
    fc.assert(
      fc.property(inventories, counts, (entries, count) => {
        const turned = new Map([...entries].toReversed());
        expect(encodeParts(turned, count)).toEqual(encodeParts(entries, count));
      }),
    );
  });

  it("lose no entry and show no old one, at whatever write a growing inventory stops", () => {
    fc.assert(
      fc.property(inventories, inventories, counts, counts, (before, changes, count, factor) => {
        const after = new Map([...before, ...changes]);
        const old = encodeParts(before, count);
        const held = new Map(old);
        for (const { index, text } of partWrites(old, encodeParts(after, count * factor))) {
          held.set(index, text);
          const { entries } = decodeParts(held, count * factor);
          for (const [key, entry] of before) {
            expect([entry, after.get(key)]).toContainEqual(entries.get(key));
          }
        }
        expect(decodeParts(held, count * factor)).toEqual({ entries: after, damaged: false });
      }),
    );
  });

  it("take the copy in the part where an entry belongs for the newer one", () => {
    const id = { group: "", kind: "ConfigMap", namespace: "a", name: "moved" };
    const key = objectKey(id);
    const newer = entryOf(id, "new");
    const home = partOf(key, 2);
    const parts = new Map([
      [home, encodeParts(new Map([[key, newer]]), 1).get(0) ?? ""],
      [1 - home, encodeParts(new Map([[key, entryOf(id, "old")]]), 1).get(0) ?? ""],
    ]);
    expect(decodeParts(parts, 2).entries.get(key)).toEqual(newer);
  });

  it("write only what changed", () => {
    fc.assert(
      fc.property(inventories, counts, (entries, count) => {
        const texts = encodeParts(entries, count);
        expect(partWrites(texts, encodeParts(entries, count))).toEqual([]);
      }),
    );
  });

  it("are as many as keep each within the limit, and never fewer than before", () => {
    const many = new Map(
      Array.from({ length: 6000 }, (_, index) => {
        const id = { group: "apps", kind: "Deployment", namespace: "namespace", name: `deployment-${index}` };
        return [objectKey(id), entryOf(id, "x".repeat(22))] as const;
      }),
    );
    const count = partCount(many, 1);
    expect(count).toBeGreaterThan(1);
    const sizes = [...encodeParts(many, count).values()].map((text) => Buffer.byteLength(text));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(PART_LIMIT);
    expect(partCount(new Map(), count)).toBe(count);
  });

  it("are damaged where one is missing or a line is not readable, and keep the rest", () => {
    const id = { group: "", kind: "ConfigMap", namespace: "a", name: "kept" };
    const entries = new Map([[objectKey(id), entryOf(id, "s")]]);
    const text = encodeParts(entries, 1).get(0) ?? "";
    expect(decodeParts(new Map([[0, `${text}\n["half`]]), 1)).toEqual({ entries, damaged: true });
    expect(decodeParts(new Map([[0, text]]), 2)).toEqual({ entries, damaged: true });
  });
});

function entryOf(id: Entry["id"], sent: string): Entry {
  return { id, state: "wanted", version: "v1", uid: "u", sent, live: "l", layer: "p/l", adopted: false };
}
