import { describe, expect, it } from "vitest";
import type { ConnectTarget } from "./targets.ts";
import { type CutLine, cutLine } from "./cut-line.ts";
import {
  configMap,
  deployment,
  layer,
  namespace,
  PART_OF,
  service,
  useWorlds,
  webhook,
  type World,
} from "./world.ts";

const ADOPTED = "strata.dev/adopted";

/** What a session promises, against whatever serves the Kubernetes API. */
export function sessionSuite(connect: ConnectTarget): void {
  const newWorld = useWorlds(connect);

  function app(world: World, image = "web:1") {
    return [
      namespace(world.name),
      configMap(world.name, "config", { key: "1" }),
      service(world.name, "web"),
      deployment(world.name, "web", image, 2),
    ];
  }

  describe("applying", () => {
    it("brings a layer to healthy, lists it in the inventory, and sends nothing for it again", async () => {
      const world = await newWorld();
      const session = world.open();
      const objects = app(world);
      const live = await world.sync(session, world.desired(layer("app", objects)));
      expect(live).toMatchObject({ health: "healthy", message: "", blockedBy: [] });
      expect(live.layers).toMatchObject([{ profile: "web", name: "app", state: "healthy", problems: [] }]);
      expect(live.lastSync).toMatchObject({ commit: "commit-1", finishedAt: expect.any(String) });
      expect(await world.listed()).toEqual(await world.labelled(...objects));
      expect(session.workloads(world.name)).toContainEqual({
        layer: "web/app",
        kind: "Deployment",
        namespace: world.name,
        name: "web",
        health: "healthy",
        message: "",
        ready: "2/2",
      });

      const before = world.api.requests;
      const again = await world.sync(session, world.desired(layer("app", objects)));
      expect(again).toMatchObject({ health: "healthy", lastSync: { commit: "commit-2" } });
      expect(world.api.requests - before).toBe(0);
    });

    it("tells the address of a load balancer when it has one", async () => {
      const world = await newWorld();
      const session = world.open();
      const objects = [namespace(world.name), service(world.name, "web", "LoadBalancer")];
      await world.sync(session, world.desired(layer("app", objects)));
      await expect
        .poll(() => session.live().urls, { timeout: 30_000 })
        .toEqual([expect.stringMatching(/^http:\/\/[0-9.]+:8080$/)]);
      await world.sync(session, world.desired(layer("app", objects.slice(0, 1))));
      expect(session.live().urls).toEqual([]);
    });

    it("takes the turn, sends one apply, and writes the inventory once, for one changed object", async () => {
      const world = await newWorld();
      const session = world.open();
      await world.sync(session, world.desired(layer("app", app(world))));
      const before = world.api.requests;
      const changed = app(world).with(1, configMap(world.name, "config", { key: "2" }));
      await world.sync(session, world.desired(layer("app", changed)));
      expect(world.api.requests - before).toBe(4); // the turn, the apply, the part, the parent
      expect(await world.get(configMap(world.name, "config"))).toMatchObject({ data: { key: "2" } });
    });

    it("costs a new session the inventory alone, where nothing changed", async () => {
      const world = await newWorld();
      await world.sync(world.open(), world.desired(layer("app", app(world))));
      const before = await world.inventory();
      const session = world.open();
      const requests = world.api.requests;
      await world.sync(session, world.desired(layer("app", app(world))));
      expect(world.api.requests - requests).toBe(1);
      expect((await world.inventory())?.object).toEqual(before?.object);
    });

    it("puts back what someone changed, at the next sync", async () => {
      const world = await newWorld();
      const session = world.open();
      const objects = [namespace(world.name), configMap(world.name, "config", { key: "1" })];
      await world.sync(session, world.desired(layer("app", objects)));
      const type = await world.typeOf(configMap("", ""));
      const at = { namespace: world.name, name: "config" };
      const { signal } = new AbortController();
      await world.api.jsonPatch(type, at, [{ op: "replace", path: "/data/key", value: "theirs" }], signal);
      await expect
        .poll(async () => {
          await world.sync(session, world.desired(layer("app", objects)));
          return (await world.get(configMap(world.name, "config")))?.data;
        })
        .toEqual({ key: "1" });
    });

    it("installs a layer only when the one before is healthy, and tells every error of a layer", async () => {
      const world = await newWorld();
      const session = world.open();
      const first = layer("first", [
        namespace(world.name),
        { ...configMap(world.name, "Bad_Name") },
        { ...configMap(world.name, "bad-field"), dat: {} },
        configMap(world.name, "good"),
      ]);
      const live = await world.sync(
        session,
        world.desired(first, layer("second", [configMap(world.name, "later")])),
      );
      expect(live.health).toBe("degraded");
      expect(live.layers).toMatchObject([
        {
          state: "failed",
          problems: [
            { object: `ConfigMap ${world.name}/Bad_Name`, file: "first.yaml", line: 2 },
            { object: `ConfigMap ${world.name}/bad-field`, file: "first.yaml", line: 3 },
          ],
        },
        { state: "pending" },
      ]);
      expect(await world.get(configMap(world.name, "good"))).toBeDefined();
      expect(await world.get(configMap(world.name, "later"))).toBeUndefined();
    });

    it("takes over from a directory that was renamed, and prunes nothing that it still has", async () => {
      const world = await newWorld();
      const objects = app(world);
      await world.sync(world.open(), world.desired(layer("app", objects)));
      const before = await world.get(deployment(world.name, "web"));
      const { cluster } = world.owner;
      world.owner.cluster = `${cluster}-new`;
      const session = world.open({ isDirectory: (name) => name !== cluster });
      await world.sync(session, world.desired(layer("app", objects)));
      expect((await world.inventory())?.parent.owner.cluster).toBe(`${cluster}-new`);
      expect((await world.get(deployment(world.name, "web")))?.metadata.uid).toBe(before?.metadata.uid);
    });

    it("refuses a cluster that holds another repository's inventory of that name", async () => {
      const world = await newWorld();
      await world.sync(world.open(), world.desired(layer("app", app(world))));
      const { repository } = world.owner;
      world.owner.repository = "f".repeat(40);
      const live = await world.sync(world.open(), world.desired(layer("app", [])));
      world.owner.repository = repository;
      expect(live).toMatchObject({
        health: "degraded",
        blockedBy: [{ code: "inventory-of-another-repository", hint: expect.any(String) }],
      });
      expect(await world.get(deployment(world.name, "web"))).toBeDefined();
    });

    it("takes over another repository's inventory when told to, and prunes what is left over", async () => {
      const world = await newWorld();
      const objects = app(world);
      const late = configMap(world.name, "late");
      await world.sync(world.open(), world.desired(layer("app", [...objects, late])));
      const before = await world.get(deployment(world.name, "web"));
      world.owner.repository = "e".repeat(40);
      const takesOver = world.open({ takesOver: true });
      expect(await world.sync(takesOver, world.desired(layer("app", objects)))).toMatchObject({
        health: "healthy",
        blockedBy: [],
      });
      expect((await world.inventory())?.parent.owner).toEqual(world.owner);
      expect((await world.get(deployment(world.name, "web")))?.metadata.uid).toBe(before?.metadata.uid);
      expect(await world.get(late)).toBeUndefined();
      const next = await world.sync(world.open(), world.desired(layer("app", objects)));
      expect(next).toMatchObject({ health: "healthy", blockedBy: [] });
    });
  });

  describe("a cluster that does not answer", () => {
    it("is unreachable, is tried again by itself, and gets what is newest by then", async () => {
      const world = await newWorld();
      let line: CutLine | undefined;
      const api = await connect(async (server) => {
        line = await cutLine(server);
        return line.server;
      });
      try {
        const session = world.open({ api });
        await world.sync(session, world.desired(layer("app", app(world))));
        line?.cut();
        await expect.poll(() => session.live().health, { timeout: 30_000 }).toBe("unreachable");

        const changed = app(world).with(1, configMap(world.name, "config", { key: "2" }));
        const syncing = world.sync(session, world.desired(layer("app", changed)));
        await expect.poll(() => session.live().lastSync?.commit).toBe("commit-2");
        expect(session.live()).not.toHaveProperty("lastSync.finishedAt");
        await line?.mend();
        expect(await syncing).toMatchObject({
          health: "healthy",
          lastSync: { finishedAt: expect.any(String) },
        });
        expect(await world.get(configMap(world.name, "config"))).toMatchObject({ data: { key: "2" } });
        await session.close();
      } finally {
        line?.close();
        await api.close();
      }
    });
  });

  describe("order and waiting", () => {
    it("applies a definition and its custom resource in one layer", async () => {
      const world = await newWorld();
      const session = world.open();
      const group = `${world.name}.example.com`;
      const definition = definitionOf(group);
      const widget = widgetOf(world.name, group);
      const live = await world.sync(
        session,
        world.desired(layer("crd", [widget, definition, namespace(world.name)])),
      );
      expect(live).toMatchObject({ health: "healthy" });
      expect(await world.get(widget)).toMatchObject({ spec: { size: 3 } });

      await world.sync(session, world.desired(layer("crd", [])));
      expect(await world.get(definition)).toBeUndefined();
      expect(await world.listed()).toEqual([]);
    });

    it("keeps a definition of which others have objects", async () => {
      const world = await newWorld();
      const session = world.open();
      const group = `${world.name}.example.com`;
      const definition = definitionOf(group);
      await world.sync(session, world.desired(layer("crd", [definition, namespace(world.name)])));
      const foreign = widgetOf(world.name, group);
      await world.served(foreign);
      await world.create(foreign);
      const live = await world.sync(session, world.desired(layer("crd", [namespace(world.name)])));
      expect(live).toMatchObject({
        health: "healthy",
        blockedBy: [{ code: "kept-definition", severity: "warning" }],
      });
      expect(await world.get(foreign)).toBeDefined();
      await world.delete(foreign);
      await world.sync(session, world.desired(layer("crd", [namespace(world.name)])));
      expect(await world.get(definition)).toBeUndefined();
    });

    it("says early what cannot become ready, and heals with a newer desired state", async () => {
      const world = await newWorld();
      const session = world.open();
      const stuck = [namespace(world.name), hopeless(deployment(world.name, "web"))];
      const next = layer("next", [configMap(world.name, "next")]);
      const live = await world.sync(session, world.desired(layer("app", stuck, 600), next));
      expect(live).toMatchObject({ health: "degraded", layers: [{ state: "failed" }, { state: "pending" }] });
      expect(live.message).toMatch(/no node takes the Pod|ImagePullBackOff/);
      expect(live.layers[0]?.problems).toMatchObject([{ code: "object-failed", file: "app.yaml", line: 2 }]);
      const healed = await world.sync(session, world.desired(layer("app", app(world)), next));
      expect(healed).toMatchObject({
        health: "healthy",
        layers: [{ state: "healthy" }, { state: "healthy" }],
      });
    });

    it("fails a layer at its deadline, and goes on when it becomes ready after all", async () => {
      const world = await newWorld();
      const session = world.open();
      const group = `${world.name}.example.com`;
      const widget = widgetOf(world.name, group);
      const objects = [definitionOf(group), namespace(world.name), widget];
      await world.sync(session, world.desired(layer("first", objects)));
      await world.setCondition(widget, "Ready", "False");
      await expect.poll(() => session.live().health, { timeout: 30_000 }).toBe("progressing");

      const next = layer("second", [configMap(world.name, "later")]);
      const live = await world.sync(session, world.desired(layer("first", objects, 1), next));
      expect(live.layers).toMatchObject([{ state: "failed" }, { state: "pending" }]);
      expect(live.message).toContain("not ready within 1 s");
      await world.setCondition(widget, "Ready", "True");
      await expect.poll(() => session.live().health, { timeout: 30_000 }).toBe("healthy");
      expect(await world.get(configMap(world.name, "later"))).toBeDefined();
    });

    it("holds a webhook back until its Service has ready endpoints, and is superseded meanwhile", async () => {
      const world = await newWorld();
      const session = world.open();
      const hook = webhook(world.name);
      const superseding = new AbortController();
      const waiting = session.sync(
        world.desired(layer("hook", [namespace(world.name), hook])),
        superseding.signal,
      );
      await expect.poll(() => session.live().layers[0]?.state).toBe("waiting");
      expect(session.live().layers[0]?.problems).toMatchObject([{ code: "service-not-ready" }]);
      expect(await world.get(hook)).toBeUndefined();

      superseding.abort();
      expect(await waiting).toEqual({ state: "superseded" });
      const objects = [...app(world), hook];
      const live = await world.sync(session, world.desired(layer("hook", objects)));
      expect(live.health).toBe("healthy");
      expect(await world.get(hook)).toBeDefined();
      await world.sync(session, world.desired(layer("hook", [])));
      expect(await world.get(hook)).toBeUndefined();
    });

    it("makes a finished Job again when it changed, and not when it is gone", async () => {
      const world = await newWorld();
      const session = world.open();
      const job = (image: string) => jobOf(world.name, image);
      await world.sync(session, world.desired(layer("job", [namespace(world.name), job("a:1")])));
      const first = await world.get(job("a:1"));
      await world.sync(session, world.desired(layer("job", [namespace(world.name), job("a:2")])));
      const second = await world.get(job("a:2"));
      expect(second?.metadata.uid).not.toBe(first?.metadata.uid);

      await world.delete(job("a:2"));
      await expect.poll(() => session.workloads(world.name).some(({ ready }) => ready !== "")).toBe(false);
      const live = await world.sync(
        session,
        world.desired(layer("job", [namespace(world.name), job("a:2")])),
      );
      expect(live.health).toBe("healthy");
      expect(await world.get(job("a:2"))).toBeUndefined();
    });
  });

  describe("pruning", () => {
    it("deletes what left the render, its Namespace last", async () => {
      const world = await newWorld();
      const session = world.open();
      await world.sync(session, world.desired(layer("app", app(world))));
      await world.sync(session, world.desired(layer("app", app(world).slice(0, 2))));
      expect(await world.get(deployment(world.name, "web"))).toBeUndefined();
      expect(await world.listed()).toEqual([`ConfigMap ${world.name}/config`, `Namespace ${world.name}`]);
      await world.sync(session, world.desired(layer("app", [])));
      expect(await world.get(namespace(world.name))).toBeUndefined();
      expect(await world.listed()).toEqual([]);
    });

    it("keeps a Namespace that left the render while its objects stay", async () => {
      const world = await newWorld();
      const session = world.open();
      await world.sync(session, world.desired(layer("app", app(world))));
      const live = await world.sync(session, world.desired(layer("app", app(world).slice(1))));
      expect(live).toMatchObject({ health: "healthy", blockedBy: [{ code: "kept-namespace" }] });
      expect(await world.get(deployment(world.name, "web"))).toBeDefined();
      expect(await world.listed()).toContain(`Namespace ${world.name}`);
    });

    it("keeps a volume claim, and the Namespace that holds it", async () => {
      const world = await newWorld();
      const session = world.open();
      const claim = claimOf(world.name);
      await world.sync(session, world.desired(layer("app", [namespace(world.name), claim], 1)));
      const pruned = await world.sync(session, world.desired(layer("app", [])));
      expect(pruned.blockedBy.map(({ code }) => code).toSorted()).toEqual(["kept-namespace", "kept-volume"]);
      expect(await world.get(claim)).toBeDefined();
      expect(await world.listed()).toHaveLength(2);
    });

    it("adopts what was there, and releases it with its content", async () => {
      const world = await newWorld();
      const session = world.open();
      await world.create(namespace(world.name));
      const theirs = configMap(world.name, "config", { key: "theirs", other: "stays" });
      await world.create(theirs);
      const ours = configMap(world.name, "config", { key: "ours" });
      await world.sync(session, world.desired(layer("app", [namespace(world.name), ours])));
      expect(await world.get(theirs)).toMatchObject({
        metadata: { labels: { [PART_OF]: world.applySet }, annotations: { [ADOPTED]: "true" } },
        data: { key: "ours", other: "stays" },
      });

      const before = world.api.requests;
      await world.sync(session, world.desired(layer("app", [namespace(world.name), ours])));
      expect(world.api.requests - before).toBe(0);

      await world.sync(session, world.desired(layer("app", [])));
      const released = await world.get(theirs);
      expect(released).toMatchObject({ data: { key: "ours", other: "stays" } });
      expect(released?.metadata.labels ?? {}).not.toHaveProperty([PART_OF]);
      expect(released?.metadata.annotations ?? {}).not.toHaveProperty([ADOPTED]);
      expect(JSON.stringify(released?.metadata.managedFields)).not.toContain('"operation":"Apply"');
      expect(await world.get(namespace(world.name))).toBeDefined();
      expect(await world.listed()).toEqual([]);
    });

    it("leaves alone what belongs to another ApplySet, and takes it when that one has let go", async () => {
      const other = await newWorld();
      const world = await newWorld();
      const shared = configMap(other.name, "shared", { of: "other" });
      const owning = other.open();
      await other.sync(owning, other.desired(layer("app", [namespace(other.name), shared])));

      const session = world.open();
      const wanted = configMap(other.name, "shared", { of: "world" });
      const live = await world.sync(session, world.desired(layer("app", [wanted])));
      expect(live.layers).toMatchObject([{ state: "failed", problems: [{ code: "owned-by-another" }] }]);
      expect(await world.get(shared)).toMatchObject({ data: { of: "other" } });

      const uid = (await world.get(shared))?.metadata.uid;
      await other.sync(owning, other.desired(layer("app", [namespace(other.name)])));
      expect((await world.get(shared))?.metadata.uid).toBe(uid); // handed over, not deleted
      await world.sync(session, world.desired(layer("app", [wanted])));
      expect(await world.get(shared)).toMatchObject({
        metadata: { uid, labels: { [PART_OF]: world.applySet } },
        data: { of: "world" },
      });
    });

    it("finds its objects again when the inventory was lost, and only its own", async () => {
      const world = await newWorld();
      await world.sync(world.open(), world.desired(layer("app", app(world))));
      const copied = configMap(world.name, "copied");
      await world.create({
        ...copied,
        metadata: { ...copied.metadata, labels: { [PART_OF]: world.applySet } },
      });
      await world.loseInventory();

      const session = world.open();
      await world.sync(session, world.desired(layer("app", app(world).slice(0, 2))));
      expect(await world.get(deployment(world.name, "web"))).toBeUndefined();
      expect(await world.get(copied)).toBeDefined();
      expect(await world.listed()).toEqual([`ConfigMap ${world.name}/config`, `Namespace ${world.name}`]);
    });
  });
}

/** A Deployment whose Pods no node takes, and whose image no registry has. */
function hopeless(object: ReturnType<typeof deployment>) {
  const containers = [{ name: "web", image: "registry.invalid/does-not-exist:1" }];
  const pod = { nodeSelector: { nowhere: "true" }, containers };
  const labels = { app: object.metadata.name };
  return {
    ...object,
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
  };
}

function widgetOf(inNamespace: string, group: string) {
  return {
    apiVersion: `${group}/v1`,
    kind: "Widget",
    metadata: { name: "one", namespace: inNamespace },
    spec: { size: 3 },
  };
}

function definitionOf(group: string) {
  const schema = {
    type: "object",
    properties: {
      spec: { type: "object", properties: { size: { type: "integer" } } },
      status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

/** Looks at a group that nobody uses, so that it disturbs no other test. */
function jobOf(inNamespace: string, image: string) {
  const containers = [{ name: "job", image }];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "migrate", namespace: inNamespace },
    spec: { template: { spec: { restartPolicy: "Never", containers } } },
  };
}

function claimOf(inNamespace: string) {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: inNamespace },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "",
      resources: { requests: { storage: "1Gi" } },
    },
  };
}
