import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonPatch, mergePatch, schemaFor, strategicMergePatch } from "../../engine/merge/index.ts";
import { EngineError } from "../../engine/model/errors.ts";
import type { Json, JsonObject } from "../../engine/model/kube-object.ts";

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof EngineError) return error.code;
    throw error;
  }
  return "nothing was thrown";
}

describe("merge patch", () => {
  // the examples of RFC 7386, appendix A, that start and end with an object
  test.each<[JsonObject, JsonObject, JsonObject]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j with %j is %j", (object, patch, result) => {
    expect(mergePatch(object, patch)).toEqual(result);
  });

  test("a field named __proto__ is a field like any other", () => {
    const patch = JSON.parse('{"__proto__":{"polluted":true}}') as JsonObject;
    const merged = mergePatch({}, patch);
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":true}}');
    expect("polluted" in {}).toBe(false);
  });
});

describe("JSON patch", () => {
  const object: JsonObject = { list: [1, 2, 3], map: { "a/b": 1, "c~d": 2, "": 3 }, nothing: null };

  test.each<[string, Json, JsonObject]>([
    ["adds to a list", [{ op: "add", path: "/list/1", value: 9 }], { ...object, list: [1, 9, 2, 3] }],
    ["adds at the end", [{ op: "add", path: "/list/-", value: 9 }], { ...object, list: [1, 2, 3, 9] }],
    ["adds behind the last", [{ op: "add", path: "/list/3", value: 9 }], { ...object, list: [1, 2, 3, 9] }],
    [
      "replaces what is there",
      [{ op: "replace", path: "/list/0", value: null }],
      { ...object, list: [null, 2, 3] },
    ],
    ["reads escapes", [{ op: "remove", path: "/map/a~1b" }], { ...object, map: { "c~d": 2, "": 3 } }],
    [
      "reads ~01 as ~1",
      [{ op: "replace", path: "/map/c~0d", value: 5 }],
      { ...object, map: { "a/b": 1, "c~d": 5, "": 3 } },
    ],
    ["knows the empty name", [{ op: "test", path: "/map/", value: 3 }], object],
    ["moves", [{ op: "move", from: "/list/0", path: "/list/2" }], { ...object, list: [2, 3, 1] }],
    [
      "copies",
      [{ op: "copy", from: "/list", path: "/map/l" }],
      { ...object, map: { "a/b": 1, "c~d": 2, "": 3, l: [1, 2, 3] } },
    ],
    ["tests for null", [{ op: "test", path: "/nothing", value: null }], object],
    ["tests without order", [{ op: "test", path: "/map", value: { "": 3, "c~d": 2, "a/b": 1 } }], object],
    ["replaces the whole", [{ op: "replace", path: "", value: { a: 1 } }], { a: 1 }],
  ])("%s", (_name, patch, result) => {
    expect(jsonPatch(object, patch)).toEqual(result);
  });

  test.each<[string, Json]>([
    ["a path that is not there", [{ op: "remove", path: "/none" }]],
    ["a parent that is not there", [{ op: "add", path: "/none/a", value: 1 }]],
    ["an index behind the end", [{ op: "add", path: "/list/4", value: 1 }]],
    ["an index with a leading zero", [{ op: "remove", path: "/list/01" }]],
    ["- where nothing is added", [{ op: "remove", path: "/list/-" }]],
    ["a child of a scalar", [{ op: "add", path: "/nothing/a", value: 1 }]],
    ["what objects inherit", [{ op: "remove", path: "/map/constructor" }]],
    ["a test that fails", [{ op: "test", path: "/list/0", value: "1" }]],
    ["a result that is no object", [{ op: "replace", path: "", value: [] }]],
  ])("fails at %s", (_name, patch) => {
    expect(codeOf(() => jsonPatch(object, patch))).toBe("patch-failed");
  });

  test.each<[string, Json]>([
    ["no list", {}],
    ["an unknown operation", [{ op: "merge", path: "/a", value: 1 }]],
    ["no pointer", [{ op: "remove", path: "a" }]],
    ["a bad escape", [{ op: "remove", path: "/a~2" }]],
    ["no value", [{ op: "add", path: "/a" }]],
  ])("refuses %s", (_name, patch) => {
    expect(codeOf(() => jsonPatch(object, patch))).toBe("invalid-patch");
  });

  test("leaves the object alone, also when a later operation fails", () => {
    const before = structuredClone(object);
    const patch = [
      { op: "remove", path: "/list/0" },
      { op: "remove", path: "/none" },
    ];
    expect(codeOf(() => jsonPatch(object, patch))).toBe("patch-failed");
    expect(object).toEqual(before);
  });
});

describe("strategic merge patch", () => {
  const deployment = schemaFor({ group: "apps", version: "v1", kind: "Deployment" });
  if (deployment === undefined) throw new Error("no schema for Deployments");
  const pod = (spec: JsonObject): JsonObject => ({ spec: { template: { spec } } });
  const patched = (spec: JsonObject, patch: JsonObject) =>
    strategicMergePatch(pod(spec), pod(patch), deployment);

  test("merges containers by name, their ports by containerPort, and replaces their args", () => {
    const before = {
      containers: [{ name: "a", args: ["x", "y"], ports: [{ containerPort: 80, name: "http" }] }],
    };
    const patch = {
      containers: [{ name: "a", args: ["z"], ports: [{ containerPort: 80, protocol: "TCP" }] }],
    };
    expect(patched(before, patch)).toEqual(
      pod({
        containers: [
          { name: "a", args: ["z"], ports: [{ containerPort: 80, name: "http", protocol: "TCP" }] },
        ],
      }),
    );
  });

  test("puts new items where the patch has them among its own, before what only the server has", () => {
    const before = { containers: [{ name: "a" }, { name: "b" }, { name: "c" }] };
    const patch = { containers: [{ name: "new" }, { name: "b" }] };
    expect(patched(before, patch)).toEqual(
      pod({ containers: [{ name: "new" }, { name: "a" }, { name: "b" }, { name: "c" }] }),
    );
  });

  test("a null inside what is new is left out", () => {
    expect(patched({}, { securityContext: { runAsUser: null, fsGroup: 1 } })).toEqual(
      pod({ securityContext: { fsGroup: 1 } }),
    );
  });

  test("$patch replaces and empties objects", () => {
    const before = { nodeSelector: { a: "1" }, securityContext: { fsGroup: 1 } };
    const patch = { nodeSelector: { $patch: "replace", b: "2" }, securityContext: { $patch: "delete" } };
    expect(patched(before, patch)).toEqual(pod({ nodeSelector: { b: "2" }, securityContext: {} }));
  });

  test("$setElementOrder sorts what it names and keeps others near their neighbours", () => {
    const before = { containers: [{ name: "a" }, { name: "b" }, { name: "c" }] };
    const patch = { "$setElementOrder/containers": [{ name: "c" }, { name: "a" }] };
    expect(patched(before, patch)).toEqual(
      pod({ containers: [{ name: "b" }, { name: "c" }, { name: "a" }] }),
    );
  });

  test.each<[string, JsonObject]>([
    ["an unknown $patch of an object", { securityContext: { $patch: "merge" } }],
    ["an unknown $patch of an item", { containers: [{ name: "a", $patch: "merge" }] }],
    ["an item without its key", { containers: [{ image: "x" }] }],
    ["an item that is no object", { containers: ["a"] }],
    ["an order that is no list", { "$setElementOrder/containers": "a" }],
    [
      "an order that the items do not keep",
      { containers: [{ name: "a" }], "$setElementOrder/containers": [{ name: "b" }] },
    ],
    ["keys to retain that lack one it sets", { $retainKeys: ["containers"], hostname: "x" }],
  ])("refuses %s", (_name, patch) => {
    expect(
      codeOf(() => patched({ containers: [{ name: "a" }], securityContext: { fsGroup: 1 } }, patch)),
    ).toBe("invalid-patch");
  });

  test("an empty patch changes nothing, and patching twice is patching once", () => {
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 4 });
    const containers = names.map((all) => ({
      containers: all.map((name) => ({ name, image: `${name}:1` })),
    }));
    fc.assert(
      fc.property(containers, containers, (before, patch) => {
        expect(patched(before, {})).toEqual(pod(before));
        const once = patched(before, patch);
        expect(strategicMergePatch(once, pod(patch), deployment)).toEqual(once);
      }),
    );
  });
});
