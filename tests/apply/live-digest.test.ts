import { describe, expect, it } from "vitest";
import { liveDigest } from "../../engine/apply/live-digest.ts";
import type { Json, JsonObject, KubeObject } from "../../engine/model/kube-object.ts";

const ours = {
  manager: "strata",
  operation: "Apply",
  apiVersion: "apps/v1",
  fieldsV1: {
    "f:metadata": { "f:labels": { "f:app": {} } },
    "f:spec": {
      "f:replicas": {},
      "f:selector": {},
      "f:template": {
        "f:spec": {
          "f:containers": {
            'k:{"name":"web"}': { ".": {}, "f:name": {}, "f:image": {}, "f:securityContext": {} },
            'k:{"name":"bare"}': { ".": {} },
          },
        },
      },
      "f:finalizers": { 'v:"keep"': {} },
      "f:plain": { "i:1": {} },
    },
  },
};

const spec = {
  replicas: 2,
  selector: { matchLabels: { app: "web" } },
  strategy: { type: "RollingUpdate" },
  template: {
    spec: { containers: [{ name: "web", image: "web:1", securityContext: {} }, { name: "bare" }] },
  },
  finalizers: ["keep"],
  plain: ["a", "b"],
};

function deployment(
  changes: JsonObject = {},
  others: readonly JsonObject[] = [],
  entry: JsonObject = ours,
): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "web",
      labels: { app: "web" },
      generation: 1,
      resourceVersion: "1",
      managedFields: [...others, entry],
    },
    spec: { ...spec, ...changes },
    status: {},
  };
}

function containers(...list: readonly Json[]): JsonObject {
  return { template: { spec: { containers: list } } };
}

describe("digest of what we hold of a live object", () => {
  const before = liveDigest(deployment());

  it("is none without an Apply entry of ours on the main resource", () => {
    expect(before).toBeDefined();
    expect(liveDigest(deployment({}, [], { ...ours, manager: "kubectl" }))).toBeUndefined();
    expect(liveDigest(deployment({}, [], { ...ours, operation: "Update" }))).toBeUndefined();
    expect(liveDigest(deployment({}, [], { ...ours, subresource: "scale" }))).toBeUndefined();
  });

  it.each<[string, KubeObject]>([
    ["a default that the server filled in", deployment({ strategy: { type: "Recreate" } })],
    [
      "status and generation",
      { ...deployment(), status: { ready: 1 }, metadata: { ...deployment().metadata, generation: 9 } },
    ],
    [
      "another manager's container",
      deployment(containers({ name: "sidecar" }, ...spec.template.spec.containers)),
    ],
    [
      "another manager's field in a container of which we only hold that it is there",
      deployment(containers(spec.template.spec.containers[0] ?? {}, { name: "bare", image: "x" })),
    ],
    ["another item of a set", deployment({ finalizers: ["other", "keep"] })],
    ["another item of a list by index", deployment({ plain: ["z", "b"] })],
  ])("does not change with %s", (_, object) => {
    expect(liveDigest(object)).toBe(before);
  });

  it.each<[string, KubeObject]>([
    ["a value of ours", deployment({ replicas: 3 })],
    ["an atomic map of ours", deployment({ selector: { matchLabels: { app: "other" } } })],
    [
      "a field of ours in a keyed item",
      deployment(containers({ name: "web", image: "web:2" }, { name: "bare" })),
    ],
    [
      "a keyed item of ours that is gone",
      deployment(containers({ name: "web", image: "web:1", securityContext: {} })),
    ],
    ["a set's item that is gone", deployment({ finalizers: [] })],
    ["a list's item", deployment({ plain: ["a", "c"] })],
    [
      "a field that another manager took from us",
      deployment({}, [], { ...ours, fieldsV1: { ...ours.fieldsV1, "f:metadata": {} } }),
    ],
  ])("changes with %s", (_, object) => {
    expect(liveDigest(object)).toBeDefined();
    expect(liveDigest(object)).not.toBe(before);
  });

  it("does not count what others put into a map that we applied empty", () => {
    const other = {
      manager: "kubectl-edit",
      operation: "Update",
      fieldsV1: {
        "f:spec": {
          "f:template": {
            "f:spec": {
              "f:containers": { 'k:{"name":"web"}': { "f:securityContext": { "f:runAsUser": {} } } },
            },
          },
        },
      },
    };
    const withUser = (user: number): KubeObject =>
      deployment(
        containers({ name: "web", image: "web:1", securityContext: { runAsUser: user } }, { name: "bare" }),
        [other],
      );
    expect(liveDigest(withUser(1))).toBe(liveDigest(withUser(2)));
  });
});
