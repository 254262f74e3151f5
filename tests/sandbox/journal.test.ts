import { appendFile, mkdtemp, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { Journal } from "../../sandbox/store/journal.ts";
import { Store } from "../../sandbox/store/store.ts";

const KEY = "/configmaps";
const write = fc.record({
  name: fc.constantFrom("a", "b", "c"),
  removes: fc.boolean(),
  value: fc.string({ maxLength: 8, unit: "grapheme" }),
});

const configMap = (name: string, value: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default" },
  data: { value },
});

const stateOf = (store: Store) => ({ revision: store.revision, objects: store.list(KEY) });

test("a process killed at any byte of a write loses that write alone", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 10 }), fc.nat(), async (writes, cut) => {
      const dir = await mkdtemp(join(tmpdir(), "strata-journal-"));
      try {
        const journal = new Journal(dir);
        const store = new Store(journal);
        const file = join(dir, "objects.jsonl");
        let size = (await readFile(file)).length;
        const states = [{ size, ...stateOf(store) }];
        for (const { name, removes, value } of writes) {
          const known = store.get(KEY, "default", name);
          if (!removes) store.put(KEY, configMap(name, value));
          else if (known !== undefined) store.remove(KEY, known);
          size = (await readFile(file)).length;
          states.push({ size, ...stateOf(store) });
        }
        journal.close();
        const first = states[0]?.size ?? 0;
        const end = first + (cut % (size - first + 1));
        await truncate(file, end);
        const expected = states.filter((state) => state.size <= end).at(-1);
        for (const _restart of [1, 2]) {
          const again = new Journal(dir);
          const found = stateOf(new Store(again));
          again.close();
          // A line may be whole but for its end: then it counts
          const whole = states.find((state) => state.size === end + 1);
          expect([expected, whole]).toContainEqual(expect.objectContaining(found));
        }
      } finally {
        await rm(dir, { recursive: true });
      }
    }),
    { numRuns: 50 },
  );
});

test("what is written after a torn line is read again, and revisions go on upward", async () => {
  const dir = await mkdtemp(join(tmpdir(), "strata-journal-"));
  try {
    const first = new Journal(dir);
    const before = new Store(first);
    before.put(KEY, configMap("a", "1"));
    first.close();
    await appendFile(join(dir, "objects.jsonl"), '{"revision":99,"resour');
    const second = new Journal(dir);
    const store = new Store(second);
    const stored = store.put(KEY, configMap("b", "2"));
    expect(Number(stored.metadata.resourceVersion)).toBe(before.revision + 1);
    second.close();
    const third = new Journal(dir);
    expect(new Store(third).list(KEY).map((object) => object.metadata.name)).toEqual(["a", "b"]);
    third.close();
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("a file that is written and removed for ever stays small", async () => {
  const dir = await mkdtemp(join(tmpdir(), "strata-journal-"));
  try {
    const journal = new Journal(dir);
    const store = new Store(journal);
    for (let round = 0; round < 6000; round++) store.put(KEY, configMap("a", String(round)));
    journal.close();
    const lines = (await readFile(join(dir, "objects.jsonl"), "utf8")).trim().split("\n");
    expect(lines.length).toBeLessThan(4100);
    const again = new Journal(dir);
    expect(new Store(again).revision).toBe(store.revision);
    again.close();
  } finally {
    await rm(dir, { recursive: true });
  }
});

test("who watches from before the oldest event known is told to list again", () => {
  const store = new Store(undefined);
  for (let round = 0; round < 5100; round++) store.put(KEY, configMap("a", String(round)));
  expect(store.since(50)).toBeUndefined();
  expect(store.since(store.revision - 3)).toHaveLength(3);
  expect(store.since(store.revision)).toEqual([]);
});
