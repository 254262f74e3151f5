import fc from "fast-check";
import type { Entry } from "../../engine/apply/inventory/model.ts";
import { type ObjectId, objectKey } from "../../engine/model/kube-object.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);

export const objectIds: fc.Arbitrary<ObjectId> = fc.record({
  group: fc.constantFrom("", "apps", "rbac.authorization.k8s.io", "example.com"),
  kind: fc.constantFrom("ConfigMap", "Deployment", "ClusterRole", "Widget"),
  namespace: fc.constantFrom("", "a", "b"),
  name: fc.oneof(word, fc.constant("system:node-proxier"), fc.constant('quoted"name')),
});

export const entries: fc.Arbitrary<Entry> = fc
  .record({
    id: objectIds,
    state: fc.constantFrom("wanted", "leaving"),
    version: fc.constantFrom("v1", "v1beta1"),
    uid: fc.oneof(fc.constant(""), fc.uuid()),
    sent: fc.oneof(fc.constant(""), fc.stringMatching(/^[A-Za-z0-9_-]{22}$/)),
    live: fc.oneof(fc.constant(""), fc.stringMatching(/^[A-Za-z0-9_-]{22}$/)),
    layer: fc.constantFrom("", "web/front", "web/api"),
    adopted: fc.boolean(),
    job: fc.option(fc.constantFrom("complete", "failed"), { nil: undefined }),
    leftReplicas: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
    marks: fc.constantFrom({}, { fresh: true as const }, { approved: true as const }),
  })
  .map(({ job, leftReplicas, marks, ...entry }): Entry => {
    const ended = job === undefined ? {} : { job };
    return { ...entry, ...ended, ...marks, ...(leftReplicas === undefined ? {} : { leftReplicas }) };
  });

/** Entries by their keys, as an inventory holds them. */
export const inventories = fc
  .array(entries, { maxLength: 40 })
  .map((list): ReadonlyMap<string, Entry> => new Map(list.map((entry) => [objectKey(entry.id), entry])));
