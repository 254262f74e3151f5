import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../../engine/apply/inventory/model.ts";
import { judgeSet, leavingSet } from "../../../engine/apply/prune/judge-set.ts";
import { objectKey } from "../../../engine/model/kube-object.ts";
import { deletionId, isVolume, massDeletionBetween } from "../../../engine/model/mass-deletion.ts";

type Entries = ReadonlyMap<string, Entry>;

const MARKS: readonly Partial<Entry>[] = [
  {},
  {},
  {},
  { fresh: true },
  { adopted: true },
  { state: "leaving" },
  { uid: "" },
];
const KINDS = ["ConfigMap", "ConfigMap", "ConfigMap", "PersistentVolumeClaim"];

/** An inventory of up to 60 objects, and which of them a render has. */
const cases = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      marks: fc.constantFrom(...MARKS),
      isWanted: fc.integer({ min: 0, max: 9 }),
    }),
    { minLength: 8, maxLength: 60, size: "max" },
  )
  .chain((all) =>
    fc.constantFrom(2, 5, 8).map((share) => {
      const entries = new Map(all.map(({ kind, marks }, index) => keyed(kind, `o${index}`, marks)));
      const keys = [...entries.keys()];
      return { entries, wanted: new Set(keys.filter((_key, at) => (all[at]?.isWanted ?? 0) >= share)) };
    }),
  );

function keyed(kind: string, name: string, marks: Partial<Entry>): [string, Entry] {
  const id = { group: "", kind, namespace: "a", name };
  const as = { version: "v1", sent: "s", live: "l", layer: "web/app" };
  return [objectKey(id), { id, state: "wanted", uid: `uid-${name}`, adopted: false, ...as, ...marks }];
}

function objects(count: number, marks: Partial<Entry> = {}, prefix = "o"): [string, Entry][] {
  return Array.from({ length: count }, (_, index) => keyed("ConfigMap", `${prefix}${index}`, marks));
}

function keysOf(entries: readonly (readonly [string, Entry])[]): ReadonlySet<string> {
  return new Set(entries.map(([key]) => key));
}

function isStopped(entries: Entries, wanted: ReadonlySet<string>, approved?: string): boolean {
  return judgeSet(leavingSet(entries, wanted), approved).state === "stopped";
}

describe("a prune as a whole", () => {
  it("stops at more than half and more than 10 alone", () => {
    const stops = (count: number, leave: number) => {
      const all = objects(count);
      return isStopped(new Map(all), keysOf(all.slice(leave)));
    };
    expect([stops(20, 12), stops(20, 11), stops(11, 11)]).toEqual([true, true, true]);
    expect([stops(20, 10), stops(10, 10), stops(24, 12), stops(100, 50)]).toEqual(Array(4).fill(false));
    expect([stops(100, 51), stops(100, 99), stops(100, 100)]).toEqual([true, true, true]);
  });

  it("counts against the last finished set: what came since makes it no larger", () => {
    fc.assert(
      fc.property(cases, fc.nat({ max: 100 }), ({ entries, wanted }, more) => {
        const came = objects(more, { fresh: true }, "new");
        const grown = new Map([...entries, ...came]);
        const set = leavingSet(grown, new Set([...wanted, ...keysOf(came)]));
        expect(set).toEqual(leavingSet(entries, wanted));
      }),
    );
  });

  it("is not counted down by passes: who wants less is stopped too", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ entries, wanted }, seed) => {
        fc.pre(isStopped(entries, wanted));
        const less = new Set([...wanted].filter((_key, index) => (seed >> (index % 30)) % 2 === 0));
        expect(isStopped(entries, less)).toBe(true);
      }),
    );
  });

  it("is approved by the id of exactly what leaves", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ entries, wanted }, pick) => {
        fc.pre(isStopped(entries, wanted));
        const { id, leaving } = leavingSet(entries, wanted);
        expect(isStopped(entries, wanted, id)).toBe(false);
        const back = leaving[pick % leaving.length];
        if (back === undefined) throw new Error("nothing leaves");
        const other = leavingSet(entries, new Set([...wanted, objectKey(back.id)])).id;
        expect(isStopped(entries, wanted, other)).toBe(true);
      }),
    );
  });

  it("lets go on what was announced, however much of it is gone already", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ entries, wanted }, seed) => {
        const announced = [...entries].map(([key, entry]): [string, Entry] =>
          wanted.has(key) ? [key, entry] : [key, { ...entry, state: "leaving" }],
        );
        const left = announced.filter(([key], index) => wanted.has(key) || (seed >> (index % 30)) % 2 === 0);
        expect(isStopped(new Map(left), wanted)).toBe(false);
      }),
    );
  });

  it("counts no volume, and takes one only by an id of its own, that is of this very volume", () => {
    fc.assert(
      fc.property(cases, ({ entries, wanted }) => {
        const set = leavingSet(entries, wanted);
        expect(set.leaving.some(({ id }) => isVolume(id))).toBe(false);
        expect(judgeSet(set, set.id)).toEqual({ state: "free", takesVolumes: false });
        fc.pre(set.idWithVolumes !== undefined);
        expect(set.idWithVolumes).not.toBe(set.id);
        expect(judgeSet(set, set.idWithVolumes)).toEqual({ state: "free", takesVolumes: true });
        const again = new Map([...entries].map(([key, entry]) => [key, { ...entry, uid: `${entry.uid}2` }]));
        const other = judgeSet(leavingSet(again, wanted), set.idWithVolumes);
        expect(other.state === "free" && other.takesVolumes).toBe(false);
      }),
    );
  });

  it("does not count what is released, nor one object under another name", () => {
    const all = objects(20, { adopted: true });
    expect(isStopped(new Map(all), new Set())).toBe(false);
    const moved = objects(20).map(([, entry]): [string, Entry] => {
      const id = { ...entry.id, group: "apps" };
      return [objectKey(id), { ...entry, id }];
    });
    expect(isStopped(new Map([...objects(20), ...moved]), keysOf(moved))).toBe(false);
  });
});

describe("the id of a deletion", () => {
  it("is the same from renders as from an inventory, whatever the order, and whether `default` is written", () => {
    fc.assert(
      fc.property(cases, ({ entries, wanted }) => {
        const finished = [...entries].filter(([, { uid, state, fresh }]) => {
          return uid !== "" && state === "wanted" && fresh !== true;
        });
        const set = leavingSet(new Map(finished), wanted);
        fc.pre(set.isMass);
        const before = finished.map(([, { id }]) => id).toReversed();
        const after = finished.filter(([key]) => wanted.has(key)).map(([, { id }]) => id);
        expect(massDeletionBetween(before, after)?.id).toBe(set.id);
      }),
    );
    const id = { group: "", kind: "ConfigMap", namespace: "default", name: "a" };
    expect(deletionId([{ ...id, namespace: "" }])).toBe(deletionId([id]));
    expect(deletionId([{ ...id, namespace: "b" }])).not.toBe(deletionId([id]));
  });

  it("is told by no render that leaves half, or ten", () => {
    const ids = objects(20).map(([, { id }]) => id);
    expect(massDeletionBetween(ids, ids.slice(10))).toBeUndefined();
    expect(massDeletionBetween(ids.slice(0, 10), [])).toBeUndefined();
    expect(massDeletionBetween(ids, ids.slice(11))).toMatchObject({ deletes: 11, of: 20 });
  });
});
