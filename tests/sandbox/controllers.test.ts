import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { Objects, targetOf } from "../../sandbox/api/objects.ts";
import { Registry } from "../../sandbox/api/registry.ts";
import { runControllers } from "../../sandbox/controllers/run-controllers.ts";
import { Store } from "../../sandbox/store/store.ts";
import { deployment, service } from "../apply/world.ts";
import { definition } from "../faults/fleet.ts";

/** A sandbox without its server, in which a second passes at every look at the clock. */
function sandboxInHaste() {
  const store = new Store(undefined);
  const registry = new Registry(store);
  let seconds = Date.UTC(2026, 0, 1) / 1000;
  const now = () => new Date(1000 * seconds++);
  const objects = new Objects(store, now);
  onTestFinished(runControllers({ objects, registry, now }));
  const target = (object: KubeObject) => {
    const kind = registry.byKind(object.apiVersion, object.kind);
    if (kind === undefined) throw new Error(`no kind ${object.kind}`);
    return targetOf(kind, object);
  };
  const create = (object: KubeObject) => objects.create(target(object), object, { manager: "test" });
  const label = (object: KubeObject, value: string) =>
    objects.patch(target(object), "merge", { metadata: { labels: { value } } }, { manager: "test" });
  return { store, create, label };
}

const claim: KubeObject = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data", namespace: "default" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};
const apiService: KubeObject = {
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: { name: "v1.example.com" },
  spec: { group: "example.com", version: "v1", groupPriorityMinimum: 100, versionPriority: 100 },
};
const job: KubeObject = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "once", namespace: "default" },
  spec: {
    template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "example.com/a:1" }] } },
  },
};

test.each([
  definition("example.com"),
  deployment("default", "web"),
  service("default", "web"),
  claim,
  apiService,
  job,
])("controllers come to rest where several changes come at once: $kind", async (object) => {
  const { store, create, label } = sandboxInHaste();
  create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
  create(object);
  for (const value of ["1", "2", "3"]) label(object, value);
  await expect
    .poll(async () => {
      const before = store.revision;
      await delay(200);
      return store.revision - before;
    })
    .toBe(0);
});
