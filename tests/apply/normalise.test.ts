import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf, sortKeys } from "../../engine/apply/sorted-json.ts";
import { normalise, withAdoptedMark } from "../../engine/apply/normalise.ts";
import type { Json, KubeObject } from "../../engine/model/kube-object.ts";

const LABEL = "applyset.kubernetes.io/part-of";
const applySet = "applyset-x-v1";
const config: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { k: "v" } };

/** Any JSON as fast-check makes it, and the same with the keys of its maps in another order. */
const turned = fc
  .jsonValue()
  .map((value) => value as Json) // what fast-check calls a JSON value is one
  .map((value) => [value, turn(value)] as const);

function turn(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => turn(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, turn(item as Json)]),
  );
}

describe("digests", () => {
  it("are equal for equal values, whatever the order of keys", () => {
    fc.assert(
      fc.property(turned, ([value, other]) => {
        expect(digestOf(other)).toBe(digestOf(value));
        expect(JSON.stringify(sortKeys(other))).toBe(JSON.stringify(sortKeys(value)));
      }),
    );
  });

  it("tell values apart", () => {
    const values: Json[] = [null, "", 0, false, [], {}, "0", [0], { a: 1 }, { a: "1" }, [1, 2], [2, 1]];
    expect(new Set(values.map(digestOf)).size).toBe(values.length);
  });
});

describe("what is sent for an object", () => {
  it("has the label of the ApplySet, and default for a missing namespace", () => {
    expect(normalise(config, { applySet, namespaced: true })).toEqual({
      ...config,
      metadata: { name: "a", namespace: "default", labels: { [LABEL]: applySet } },
    });
  });

  it("has the label of its own ApplySet, whatever other it claims", () => {
    const claims: KubeObject = {
      ...config,
      metadata: { name: "a", labels: { [LABEL]: "applyset-other-v1" } },
    };
    expect(normalise(claims, { applySet, namespaced: true }).metadata.labels).toEqual({ [LABEL]: applySet });
  });

  it("has no namespace where the kind has none", () => {
    const role: KubeObject = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "a", namespace: "b" },
    };
    expect(normalise(role, { applySet, namespaced: false }).metadata).toEqual({
      name: "a",
      labels: { [LABEL]: applySet },
    });
  });

  it("has nothing that only a server writes, and no mark that is not ours to give", () => {
    const exported: KubeObject = {
      ...config,
      metadata: {
        name: "a",
        namespace: "n",
        uid: "u",
        resourceVersion: "1",
        generation: 3,
        creationTimestamp: null,
        managedFields: [],
        annotations: { "strata.dev/adopted": "true", note: "x" },
        labels: { app: "web" },
      },
      status: { phase: "x" },
    };
    expect(normalise(exported, { applySet, namespaced: true })).toEqual({
      ...config,
      metadata: {
        name: "a",
        namespace: "n",
        annotations: { note: "x" },
        labels: { app: "web", [LABEL]: applySet },
      },
    });
  });

  it("folds stringData of a Secret into data, and the text wins", () => {
    const secret: KubeObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      data: { a: "b2xk", b: "Yg==" },
      stringData: { a: "grün" },
    };
    const sent = normalise(secret, { applySet, namespaced: true });
    expect(sent.stringData).toBeUndefined();
    expect(sent.data).toEqual({ a: Buffer.from("grün").toString("base64"), b: "Yg==" });
  });

  it("is the same bytes for the same render, and normal already", () => {
    const one = normalise(config, { applySet, namespaced: true });
    const other = normalise(
      { data: { k: "v" }, metadata: { name: "a" }, kind: "ConfigMap", apiVersion: "v1" },
      {
        applySet,
        namespaced: true,
      },
    );
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
    expect(JSON.stringify(normalise(one, { applySet, namespaced: true }))).toBe(JSON.stringify(one));
  });

  it("carries the mark of an adopted object beside the object's own annotations", () => {
    const body = normalise(
      { ...config, metadata: { name: "a", annotations: { note: "x" } } },
      { applySet, namespaced: true },
    );
    expect(withAdoptedMark(body).metadata.annotations).toEqual({ note: "x", "strata.dev/adopted": "true" });
  });
});
