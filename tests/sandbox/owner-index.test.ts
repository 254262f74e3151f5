import fc from "fast-check";
import { expect, test } from "vitest";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapsAt } from "../../sandbox/store/parts.ts";
import { Store } from "../../sandbox/store/store.ts";

const OWNERS = ["a", "b", "c"];
const write = fc.record({
  name: fc.constantFrom("one", "two", "three"),
  resource: fc.constantFrom("/pods", "apps/replicasets"),
  owners: fc.option(fc.subarray(OWNERS), { nil: undefined }),
});

const object = (name: string, owners: readonly string[]): KubeObject => ({
  apiVersion: "v1",
  kind: "Thing",
  metadata: { name, namespace: "default", ownerReferences: owners.map((uid) => ({ uid })) },
});

test("whatever is written and removed, an owner's dependents are those that name it", () => {
  fc.assert(
    fc.property(fc.array(write, { maxLength: 20 }), (writes) => {
      const store = new Store(undefined);
      for (const { name, resource, owners } of writes) {
        const known = store.get(resource, "default", name);
        if (owners !== undefined) store.put(resource, object(name, owners));
        // What is removed may have lost its owners in the same write
        else if (known !== undefined) store.remove(resource, object(name, []));
      }
      const all = store.resources().flatMap((resource) => store.list(resource));
      for (const uid of OWNERS) {
        const expected = all.filter((one) =>
          mapsAt(one, "metadata", "ownerReferences").some((reference) => reference.uid === uid),
        );
        const found = store.ownedBy(uid).map((kept) => kept.object);
        expect(new Set(found)).toEqual(new Set(expected));
        expect(found).toHaveLength(expected.length);
      }
    }),
  );
});
