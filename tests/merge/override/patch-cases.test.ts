import { describe, expect, test } from "vitest";
import {
  applyOverride,
  applyPatch,
  diffObject,
  diffObjects,
  overriddenPaths,
} from "../../../engine/merge/index.ts";
import type { Json, JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { deployment, env, gadget, object, pod, schemaOf, service, thrownBy } from "./samples.ts";

const patch = (a: KubeObject, b: KubeObject) => diffObject(a, b, schemaOf(a));

describe("the patch of", () => {
  const three = (image: string) =>
    pod({
      containers: [
        { name: "api", image: "api:1" },
        { name: "db", image },
        { name: "log", image: "log:1" },
      ],
    });

  test("a field of one container among three names that container and field", () => {
    expect(patch(three("db:1"), three("db:2"))).toEqual({
      spec: { template: { spec: { containers: [{ name: "db", image: "db:2" }] } } },
    });
  });

  test("an env entry that goes", () => {
    const [a, b] = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    expect(patch(env(a, b), env(b))).toEqual({
      spec: { template: { spec: { containers: [{ name: "api", env: [{ name: "A", $patch: "delete" }] }] } } },
    });
  });

  test("a merge key that changes is a delete and a full add", () => {
    expect(patch(env({ name: "A", value: "1" }), env({ name: "B", value: "1" }))).toEqual({
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: "api",
                env: [
                  { name: "B", value: "1" },
                  { name: "A", $patch: "delete" },
                ],
              },
            ],
          },
        },
      },
    });
  });

  test("a field that is null or goes is null, and one that was never there is nothing", () => {
    expect(patch(deployment({ replicas: 3, paused: true }), deployment({ replicas: null }))).toEqual({
      spec: { replicas: null, paused: null },
    });
    expect(patch(deployment({}), deployment({ replicas: null }))).toEqual({});
  });

  test("an atomic list is the whole list", () => {
    const args = (...all: readonly string[]) => pod({ containers: [{ name: "api", args: all }] });
    expect(patch(args("a", "b"), args("a", "c"))).toEqual({ spec: args("a", "c")["spec"] });
    const rules = (verbs: readonly string[]) =>
      object("rbac.authorization.k8s.io/v1", "Role", { rules: [{ resources: ["pods"], verbs }] });
    expect(patch(rules(["get"]), rules(["get", "list"]))).toEqual({
      rules: [{ resources: ["pods"], verbs: ["get", "list"] }],
    });
  });

  test("a set is what comes and what goes", () => {
    const finalizers = (...all: readonly string[]): KubeObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "web", finalizers: all },
    });
    expect(patch(finalizers("a", "b"), finalizers("b", "c"))).toEqual({
      metadata: { finalizers: ["c"], "$deleteFromPrimitiveList/finalizers": ["a"] },
    });
    expect(patch(finalizers("a", "b"), finalizers("b", "a"))).toEqual({
      metadata: { "$setElementOrder/finalizers": ["b", "a"] },
    });
  });

  test("a keyed list with a key that stands twice, or an item without, is the whole list, and says so", () => {
    const twice = [
      { name: "A", value: "1" },
      { name: "A", value: "2" },
    ];
    const replaced = (...items: readonly Json[]) => ({
      spec: { template: { spec: { containers: [{ name: "api", env: [{ $patch: "replace" }, ...items] }] } } },
    });
    expect(patch(env({ name: "A", value: "1" }), env(...twice))).toEqual(replaced(...twice));
    expect(patch(env(...twice), env({ name: "A", value: "2" }))).toEqual(replaced({ name: "A", value: "2" }));
    expect(patch(env({ name: "A" }), env({ value: "2" }))).toEqual(replaced({ value: "2" }));
  });

  test("ports are told apart by port and protocol, and TCP need not be written", () => {
    const before = service({ port: 53 }, { port: 53, protocol: "UDP" });
    expect(patch(before, service({ port: 53, name: "tcp" }, { port: 53, protocol: "UDP" }))).toEqual({
      spec: { ports: [{ port: 53, name: "tcp" }] },
    });
    expect(patch(before, service({ port: 53 }, { port: 53, protocol: "UDP", name: "udp" }))).toEqual({
      spec: { ports: [{ port: 53, protocol: "UDP", name: "udp" }] },
    });
    const named = { spec: { ports: [{ port: 53, protocol: "TCP", name: "tcp" }] } };
    const { spec } = applyPatch(named, before, schemaOf(before));
    expect(spec).toEqual({
      ports: [
        { port: 53, protocol: "TCP", name: "tcp" },
        { port: 53, protocol: "UDP" },
      ],
    });
  });

  test("reordered containers are their order alone, and one put between two names the one before it", () => {
    const containers = (...names: readonly string[]) => pod({ containers: names.map((name) => ({ name })) });
    const spec = (fields: JsonObject) => ({ spec: { template: { spec: fields } } });
    const order = (...names: readonly string[]) => ({
      "$setElementOrder/containers": names.map((name) => ({ name })),
    });
    expect(patch(containers("a", "b", "c", "d"), containers("a", "c", "b", "d"))).toEqual(
      spec(order("c", "b")),
    );
    expect(patch(containers("a", "b", "c"), containers("a", "b", "new", "c"))).toEqual(
      spec({ ...order("b", "new"), containers: [{ name: "new" }] }),
    );
    expect(patch(containers("a", "b"), containers("a", "b", "new"))).toEqual(
      spec({ containers: [{ name: "new" }] }),
    );
  });

  test("fields that exclude each other says which stay, so that a source the profile adds does not join in", () => {
    const volumes = (volume: JsonObject) => pod({ volumes: [{ name: "data", ...volume }] });
    const [base, mine] = [volumes({ emptyDir: {} }), volumes({ hostPath: { path: "/data" } })];
    const override = diffObjects([base], [mine], schemaOf);
    expect(patch(base, mine)).toEqual({
      spec: {
        template: {
          spec: {
            volumes: [{ name: "data", $retainKeys: ["name", "hostPath"], hostPath: { path: "/data" } }],
          },
        },
      },
    });
    const theirs = volumes({ configMap: { name: "data" } });
    expect(applyOverride([theirs], override, schemaOf).objects).toEqual([mine]);
  });

  test("a custom resource with list keys of its own", () => {
    const ports = (note: string) => [
      { port: 80, note: "web" },
      { port: 80, protocol: "UDP", note },
    ];
    const parts = (note: string) => gadget({ parts: [{ id: "a", ports: ports(note) }, { id: "b" }] });
    expect(patch(parts("x"), parts("y"))).toEqual({
      spec: { parts: [{ id: "a", ports: [{ port: 80, protocol: "UDP", note: "y" }] }] },
    });
  });

  test("fields with names that every JavaScript object has are fields like any other", () => {
    const free = (text: string) => gadget({ free: JSON.parse(text) as Json });
    const [a, b] = [free("{}"), free('{"__proto__":{"a":1},"toString":"x"}')];
    const applied = applyPatch(patch(a, b), a, schemaOf(a));
    expect(JSON.stringify(applied["spec"])).toBe('{"free":{"__proto__":{"a":1},"toString":"x"}}');
  });

  test("an item goes into the first of those that the profile has twice since", () => {
    const [one, other] = [env({ name: "A", value: "1" }), env({ name: "A", value: "2" })];
    const twice = env({ name: "A", value: "1" }, { name: "A", value: "1" });
    const merged = env({ name: "A", value: "2" }, { name: "A", value: "1" });
    expect(applyPatch(patch(one, other), twice, schemaOf(one))).toEqual(merged);
  });
});

describe("an override refuses", () => {
  test.each<[string, KubeObject, string]>([
    [
      "an item without its key",
      env({ value: "1" }),
      "Deployment.apps shop/web spec.template.spec.containers[name=api].env",
    ],
    [
      "an item that stands twice",
      env({ name: "A" }, { name: "A" }),
      "Deployment.apps shop/web spec.template.spec.containers[name=api].env[name=A]",
    ],
    [
      "a directive that it does not know",
      pod({ $patch: "merge" }),
      "Deployment.apps shop/web spec.template.spec",
    ],
    [
      "an order of a list that is one value",
      pod({ "$setElementOrder/tolerations": [] }),
      "Deployment.apps shop/web spec.template.spec.tolerations",
    ],
    [
      "an object without metadata",
      { ...deployment({}), metadata: { $patch: "delete", name: "web", namespace: "shop" } },
      "Deployment.apps shop/web",
    ],
  ])("%s, and says where", (_name, document, place) => {
    const error = thrownBy(() => applyOverride([deployment({})], [document], schemaOf));
    expect(error).toMatchObject({ code: "invalid-patch", place: { object: place } });
  });

  test("two documents about one object", () => {
    const error = thrownBy(() => applyOverride([], [deployment({}), deployment({})], schemaOf));
    expect(error.code).toBe("object-duplicate");
  });

  test("a field with the name of a directive, but not where it is left alone or is in a list that is one value", () => {
    const [a, b] = [gadget({ free: { $patch: "x" } }), gadget({ free: { $patch: "y" } })];
    expect(thrownBy(() => diffObjects([a], [b], schemaOf))).toMatchObject({
      code: "field-reserved",
      place: { object: "spec.free.$patch" },
    });
    const more = gadget({ free: { $patch: "x" }, size: 1 });
    expect(patch(a, more)).toEqual({ spec: { size: 1 } });
    const inList = gadget({ free: { patches: [{ $patch: "replace" }, { $patch: "delete", name: "x" }] } });
    expect(applyPatch(patch(gadget({}), inList), gadget({}), schemaOf(a))).toEqual(inList);
  });
});

describe("a layer's override", () => {
  const config = (name: string, data: JsonObject): KubeObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data,
  });
  const before = [config("same", {}), config("changed", { a: "1", b: "2" }), config("gone", {})];
  const after = [config("same", {}), config("changed", { a: "1", b: "3" }), config("new", { c: "4" })];
  const override = [
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "changed" }, data: { b: "3" } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "gone" }, $patch: "delete" },
    { ...config("new", { c: "4" }), $patch: "replace" },
  ];

  test("has partial objects, whole new ones and deletions", () => {
    expect(diffObjects(before, after, schemaOf)).toEqual(override);
    expect(applyOverride(before, override, schemaOf)).toEqual({ objects: after, problems: [] });
  });

  test("says what it overrides, and what the profile has there", () => {
    const paths = overriddenPaths(before, override, schemaOf);
    expect(
      paths.map(({ object: id, path, value, directive, before: was }) => [
        id.name,
        path,
        value,
        directive,
        was,
      ]),
    ).toEqual([
      ["changed", "data.b", "3", undefined, "2"],
      ["gone", "", undefined, "$patch: delete", config("gone", {})],
      ["new", "", config("new", { c: "4" }), "$patch: replace", undefined],
    ]);
  });

  test("leaves what it cannot apply, and says so", () => {
    const { objects, problems } = applyOverride([config("same", {})], override, schemaOf);
    expect(objects).toEqual([config("same", {}), config("new", { c: "4" })]);
    expect(problems).toMatchObject([{ code: "override-orphaned", object: "ConfigMap changed" }]);
  });

  test("with another version of an object holds all of it", () => {
    const v1 = gadget({ size: 1 });
    const v2 = { ...v1, apiVersion: "example.com/v2" };
    expect(diffObjects([v1], [v2], schemaOf)).toEqual([{ $patch: "replace", ...v2 }]);
  });
});
