import { setImmediate as nextLoop } from "node:timers/promises";
import { expect, test } from "vitest";
import { NAMESPACES } from "../../engine/apply/core-types.ts";
import { ApiError } from "../../engine/cluster/api-error.ts";
import { failureKind } from "../../engine/cluster/failure-kind.ts";
import { isNotNewer } from "../../engine/cluster/resource-version.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { follow, uidOf, useCluster } from "./live-cluster.ts";

const versionOf = (object: KubeObject): string => object.metadata.resourceVersion as string; // live objects have one

const UNHEARD = {
  onUpsert: () => undefined,
  onGone: () => undefined,
  onDown: () => undefined,
  onUp: () => undefined,
};

async function refusalOf(promise: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error("expected a refusal", { cause: error });
  return error;
}

/** What must hold of any Kubernetes API server, the sandbox included. */
export function clusterSuite(connect: () => Promise<KubeApi>): void {
  const cluster = useCluster(connect);

  test("a cluster is known by its kube-system, the same each time", async () => {
    const { api, signal } = cluster();
    const { uid } = await api.identity(signal);
    expect(uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(await api.identity(signal)).toEqual({ uid });
  });

  test("discovery knows built-in kinds, their scope, and what is not there", async () => {
    const { api, signal, type } = cluster();
    expect(await type("apps", "Deployment")).toMatchObject({
      version: "v1",
      plural: "deployments",
      namespaced: true,
    });
    expect(await type("", "Namespace")).toMatchObject({ plural: "namespaces", namespaced: false });
    expect(await api.discovery.resolve({ group: "apps", kind: "Gadget" }, signal)).toEqual({ state: "gone" });
    expect(
      await api.discovery.resolve({ group: "apps", version: "v9", kind: "Deployment" }, signal),
    ).toMatchObject({
      state: "version-gone",
      servedVersions: ["v1"],
    });
    const { types, unknown } = await api.discovery.catalogue(signal);
    expect(unknown).toEqual([]);
    expect(types.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["ConfigMap", "Secret", "Service", "Job"]),
    );
  });

  test("apply tells a new object, changes nothing the second time, and takes odd characters", async () => {
    const { api, signal, type, configMap } = cluster();
    const kind = await type("", "ConfigMap");
    const object = configMap("odd", { text: "del\u007f c1\u0080 nel\u0085 ls\u2028 bom\ufeff 😀" });
    const first = await api.apply(kind, object, { force: true }, signal);
    expect(first.created).toBe(true);
    expect(first.object.data).toEqual(object.data);
    const second = await api.apply(kind, object, { force: true }, signal);
    expect(second.created).toBe(false);
    expect(versionOf(second.object)).toBe(versionOf(first.object));
    const changed = await api.apply(
      kind,
      configMap("odd", { text: "b" }),
      { force: true, dryRun: true },
      signal,
    );
    expect(changed.object.data).toEqual({ text: "b" });
    expect((await api.get(kind, { namespace: cluster().namespace, name: "odd" }, signal))?.data).toEqual(
      object.data,
    );
  });

  test("a field that the kind does not have is wrong, at once", async () => {
    const { api, signal, type, configMap } = cluster();
    const object = { ...configMap("unknown-field"), colour: "red" };
    const refused = await refusalOf(api.apply(await type("", "ConfigMap"), object, { force: true }, signal));
    expect(refused.message).toContain("colour");
    expect(failureKind(refused)).toBe("wrong");
  });

  test("a refused Secret does not tell its data", async () => {
    const { api, signal, type, namespace } = cluster();
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace },
      data: { password: 31337 },
    };
    const refused = await refusalOf(api.apply(await type("", "Secret"), secret, { force: true }, signal));
    expect(refused.message).not.toContain("31337");
    expect(refused.message).toContain("data.password");
    expect(failureKind(refused)).toBe("wrong");
    expect(refused.place.object).toBe(`Secret ${namespace}/s`);
  });

  test("another manager's field is a conflict that names it, unless forced", async () => {
    const { api, signal, type, configMap, apply } = cluster();
    const kind = await type("", "ConfigMap");
    const made = await apply(configMap("shared", { a: "1" }));
    const replaced = await api.replace(kind, { ...made, data: { a: "2" } }, signal);
    const stale = await refusalOf(api.replace(kind, { ...made, data: { a: "3" } }, signal));
    expect([stale.status, failureKind(stale)]).toEqual([409, "conflict"]);
    expect(isNotNewer(versionOf(made), versionOf(replaced))).toBe(true);
    expect(isNotNewer(versionOf(replaced), versionOf(made))).toBe(false);
    const wanted = configMap("shared", { a: "1" });
    const refused = await refusalOf(api.apply(kind, wanted, { force: false }, signal));
    expect([refused.status, failureKind(refused)]).toEqual([409, "conflict"]);
    expect(refused.causes).toMatchObject([{ field: ".data.a", reason: "FieldManagerConflict" }]);
    const forced = await api.apply(kind, wanted, { force: true }, signal);
    expect(forced.object.data).toEqual({ a: "1" });
  });

  test("create refuses what is there; a JSON patch tests before it changes", async () => {
    const { api, signal, type, configMap, namespace } = cluster();
    const kind = await type("", "ConfigMap");
    const ref = { namespace, name: "patched" };
    await api.create(kind, configMap("patched", { a: "1" }), signal);
    expect(await refusalOf(api.create(kind, configMap("patched"), signal))).toMatchObject({
      status: 409,
      reason: "AlreadyExists",
    });
    const patched = await api.jsonPatch(kind, ref, [{ op: "replace", path: "/data/a", value: "2" }], signal);
    expect(patched.data).toEqual({ a: "2" });
    const wrong = [
      { op: "test", path: "/data/a", value: "1" },
      { op: "remove", path: "/data/a" },
    ] as const;
    expect((await refusalOf(api.jsonPatch(kind, ref, wrong, signal))).status).toBeGreaterThanOrEqual(400);
    expect((await api.get(kind, ref, signal))?.data).toEqual({ a: "2" });
  });

  test("delete holds its preconditions, and tells what was not there", async () => {
    const { api, signal, type, configMap, apply, namespace } = cluster();
    const kind = await type("", "ConfigMap");
    const ref = { namespace, name: "doomed" };
    const uid = uidOf(await apply(configMap("doomed")));
    const other = { uid: "00000000-0000-4000-8000-000000000000", propagationPolicy: "Background" } as const;
    expect(failureKind(await refusalOf(api.delete(kind, ref, other, signal)))).toBe("conflict");
    const old = { uid, resourceVersion: "1", propagationPolicy: "Background" } as const;
    expect(failureKind(await refusalOf(api.delete(kind, ref, old, signal)))).toBe("conflict");
    expect(await api.get(kind, ref, signal)).toBeDefined();
    expect(await api.delete(kind, ref, { uid, propagationPolicy: "Background" }, signal)).toBe("accepted");
    expect(await api.get(kind, ref, signal)).toBeUndefined();
    expect(await api.delete(kind, ref, { uid, propagationPolicy: "Background" }, signal)).toBe("absent");
  });

  test("a list has all pages, narrowed by label, and metadata alone where that is asked for", async () => {
    const { api, signal, type, configMap, namespace } = cluster();
    const kind = await type("", "ConfigMap");
    const names = Array.from({ length: 510 }, (_, index) => `many-${index}`);
    await Promise.all(
      names.map((name) => api.create(kind, configMap(name, { k: "v" }, { labels: { many: "yes" } }), signal)),
    );
    const before = api.requests;
    const { items, resourceVersion } = await api.list(kind, { namespace, labelSelector: "many=yes" }, signal);
    expect(api.requests - before).toBe(2);
    expect(items.map(({ metadata }) => metadata.name).sort()).toEqual([...names].sort());
    expect(items[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", data: { k: "v" } });
    expect(resourceVersion).not.toBe("");
    const metadata = await api.list(
      kind,
      { namespace, labelSelector: "many=yes", metadataOnly: true },
      signal,
    );
    expect(metadata.items).toHaveLength(510);
    expect(Object.keys(metadata.items[0] ?? {}).sort()).toEqual(["apiVersion", "kind", "metadata"]);
    expect(metadata.items[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
    const fieldSelector = `metadata.name=many-7,metadata.namespace=${namespace}`;
    expect((await api.list(kind, { fieldSelector }, signal)).items).toHaveLength(1);
  }, 60_000);

  test("a watch tells what is there, what comes, what loses its label and what goes", async () => {
    const { api, signal, type, configMap, apply, namespace } = cluster();
    const kind = await type("", "ConfigMap");
    const labelled = { labels: { watched: "yes" } };
    await apply(configMap("before", {}, labelled));
    const { present, gone, until, synced, watch } = follow(api, kind, "watched=yes", namespace);
    await until(() => synced() === 1);
    expect([...present.keys()]).toEqual(["before"]);
    const after = await apply(configMap("after", { a: "1" }, labelled));
    await until(() => present.get("after")?.data !== undefined);
    expect(versionOf(present.get("after") ?? after)).toBe(versionOf(after));
    await apply(configMap("before"));
    await until(() => gone.length === 1);
    expect(gone[0]?.name).toBe("before");
    expect(await api.get(kind, { namespace, name: "before" }, signal)).toBeDefined();
    const uid = uidOf(after);
    await api.delete(kind, { namespace, name: "after" }, { uid, propagationPolicy: "Background" }, signal);
    await until(() => gone.length === 2);
    expect(gone[1]).toMatchObject({ namespace, name: "after", uid });
    expect(isNotNewer(gone[1]?.resourceVersion ?? "", versionOf(after))).toBe(false);
    watch.close();
  });

  test("250 watches of one cluster stand at once, and requests still pass", async () => {
    const { api, type, namespace, configMap, apply } = cluster();
    const kind = await type("", "ConfigMap");
    const all = Array.from({ length: 250 }, (_, index) =>
      follow(api, kind, `one-of-many=w${index}`, namespace),
    );
    for (const { until, synced } of all) await until(() => synced() === 1);
    await apply(configMap("hit", {}, { labels: { "one-of-many": "w249" } }));
    await all[249]?.until(() => all[249]?.present.has("hit"));
    for (const { watch } of all) watch.close();
  }, 60_000);

  test("a watch that ends while it is opened is left behind by nothing, also when the connection is closed", async () => {
    for (let turns = 0; turns < 60; turns += 1) {
      const api = await connect();
      const watch = (onSynced: () => void = () => undefined) =>
        api.watch(NAMESPACES, {}, { ...UNHEARD, onSynced });
      const early = [watch(), watch()];
      // Until then its connection is at another step each time
      for (let turn = 0; turn < 40 * turns; turn += 1) await nextLoop();
      for (const one of early) one.close();
      await new Promise<void>((resolve) => watch(resolve));
      // What goes wrong in a connection that ends is an uncaught error, which fails the run
      await api.close();
    }
  });

  test("a kind comes and goes with its CRD: unknown is never taken for gone", async () => {
    const { api, signal, type, apply } = cluster();
    const group = `${cluster().namespace}.example.com`;
    const widget = { group, kind: "Widget" };
    expect(await api.discovery.resolve(widget, signal)).toEqual({ state: "gone" });
    const crd = await apply(widgetDefinition(group));
    const resolved = async (): Promise<string> => {
      api.discovery.invalidate();
      return (await api.discovery.resolve(widget, signal)).state;
    };
    await expect.poll(resolved, { timeout: 20_000 }).toBe("served");
    const kind = await type(group, "Widget");
    expect(kind).toMatchObject({ version: "v1", plural: "widgets", namespaced: true });
    const ref = { namespace: "", name: crd.metadata.name };
    const definitions = await type("apiextensions.k8s.io", "CustomResourceDefinition");
    await api.delete(definitions, ref, { uid: uidOf(crd), propagationPolicy: "Background" }, signal);
    await expect.poll(resolved, { timeout: 30_000 }).toBe("gone");
    const object = {
      apiVersion: `${group}/v1`,
      kind: "Widget",
      metadata: { name: "w", namespace: "default" },
    };
    const refused = await refusalOf(api.apply(kind, object, { force: true }, signal));
    expect([failureKind(refused), failureKind(refused, { ownDefinition: true })]).toEqual([
      "wrong",
      "not-yet",
    ]);
  }, 60_000);

  test("what is applied to a namespace that is ending is not yet", async () => {
    const { api, signal, type, apply } = cluster();
    const name = `${cluster().namespace}-ending`;
    const made = await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const inside = (title: string, finalizers: string[]): KubeObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: title, namespace: name, finalizers },
    });
    await apply(inside("holds", ["example.com/hold"]));
    const namespaces = await type("", "Namespace");
    const options = { uid: uidOf(made), propagationPolicy: "Background" } as const;
    expect(await api.delete(namespaces, { namespace: "", name }, options, signal)).toBe("accepted");
    const refused = await refusalOf(apply(inside("late", [])));
    expect([refused.status, failureKind(refused)]).toEqual([403, "not-yet"]);
    await apply(inside("holds", []));
  });
}

function widgetDefinition(group: string): KubeObject {
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: { type: "object" } } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}
