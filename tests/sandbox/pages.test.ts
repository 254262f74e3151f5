import fc from "fast-check";
import { expect, test } from "vitest";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { pageOf } from "../../sandbox/http/pages.ts";
import { Store } from "../../sandbox/store/store.ts";

const configMap = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "default" },
});

const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,3}$/), { maxLength: 12 });
const change = fc.record({ name: fc.stringMatching(/^[a-z][a-z0-9-]{0,3}$/), removes: fc.boolean() });

test("what is there all the time is told once, and a watch from the list's revision tells the rest", () => {
  fc.assert(
    fc.property(
      names,
      fc.integer({ min: 1, max: 5 }),
      fc.array(change, { maxLength: 12 }),
      (start, limit, changes) => {
        const store = new Store(undefined);
        for (const name of start) store.put("/configmaps", configMap(name));
        const seen: string[] = [];
        let token = "";
        let revision: unknown;
        const left = [...changes];
        do {
          const page = pageOf(store.list("/configmaps"), store.revision, { limit, token });
          seen.push(...page.objects.map((object) => object.metadata.name));
          revision ??= page.metadata.resourceVersion;
          expect(page.metadata.resourceVersion).toBe(revision);
          token = typeof page.metadata.continue === "string" ? page.metadata.continue : "";
          const next = left.shift();
          const known = next === undefined ? undefined : store.get("/configmaps", "default", next.name);
          if (next?.removes === true && known !== undefined) store.remove("/configmaps", known);
          if (next?.removes === false) store.put("/configmaps", configMap(next.name));
        } while (token !== "");
        expect(new Set(seen).size).toBe(seen.length);
        const replayed = new Set(seen);
        for (const event of store.since(Number(revision)) ?? []) {
          if (event.after === undefined) replayed.delete(event.before?.metadata.name ?? "");
          else replayed.add(event.after.metadata.name);
        }
        const there = store.list("/configmaps").map((object) => object.metadata.name);
        expect([...replayed].sort()).toEqual(there.sort());
      },
    ),
  );
});

test.each(["x", Buffer.from("{}").toString("base64url")])(
  "a continue that no list gave is refused: %s",
  (token) => {
    expect(() => pageOf([], 1, { limit: 1, token })).toThrow(/continue key is not valid/);
  },
);
