import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyRank,
  DELETION_STEPS,
  deletionStep,
  layerContext,
  orderForApply,
  RANKS,
} from "../../engine/apply/order.ts";
import { describeId, type JsonObject, type KubeObject, objectIdOf } from "../../engine/model/kube-object.ts";

function object(apiVersion: string, kind: string, name = "x", spec: JsonObject = {}): KubeObject {
  return { apiVersion, kind, metadata: { name }, ...spec };
}

const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgets.a.example.com", {
  spec: { group: "a.example.com", scope: "Namespaced", names: { kind: "Widget", plural: "widgets" } },
});
const webhook = object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "hook", {
  webhooks: [{ rules: [{ apiGroups: ["b.example.com", "apps"], resources: ["*"] }] }],
});
const apiService = object("apiregistration.k8s.io/v1", "APIService", "v1.c.example.com", {
  spec: { group: "c.example.com", version: "v1" },
});
const samples: readonly KubeObject[] = [
  object("v1", "Namespace"),
  definition,
  object("v1", "ConfigMap"),
  object("v1", "PersistentVolumeClaim"),
  object("rbac.authorization.k8s.io/v1", "ClusterRole"),
  object("rbac.authorization.k8s.io/v1", "RoleBinding"),
  object("v1", "Service"),
  object("apps/v1", "Deployment"),
  webhook,
  apiService,
  object("a.example.com/v1", "Widget"),
  object("b.example.com/v1", "Guarded"),
  object("c.example.com/v1", "Aggregated"),
  object("d.example.com/v1", "Elsewhere"),
];
const layers = fc.shuffledSubarray([...samples]);

function names(objects: readonly KubeObject[]): readonly string[] {
  return objects.map((one) => describeId(objectIdOf(one))).toSorted();
}

describe("the order of a layer", () => {
  it("has every object once, whatever the order in which it is written", () => {
    fc.assert(
      fc.property(layers, (objects) => {
        const ordered = orderForApply(objects.map((body) => ({ body })));
        expect(names(ordered.flatMap(({ items }) => items.map(({ body }) => body)))).toEqual(names(objects));
        const ranks = ordered.map(({ rank }) => RANKS.indexOf(rank));
        expect(ranks).toEqual([...new Set(ranks)].toSorted((a, b) => a - b));
      }),
    );
  });

  it("puts what others need first, and what waits for the layer's own definitions and webhooks last", () => {
    const order = orderForApply(samples.map((body) => ({ body })));
    expect(order.map(({ rank, items }) => [rank, items.map(({ body }) => body.kind)])).toEqual([
      ["namespaces", ["Namespace"]],
      ["definitions", ["CustomResourceDefinition"]],
      ["foundations", ["ConfigMap", "PersistentVolumeClaim", "ClusterRole"]],
      ["bindings", ["RoleBinding"]],
      ["workloads", ["Service", "Deployment", "Elsewhere"]],
      ["callers", ["ValidatingWebhookConfiguration", "APIService"]],
      ["custom-resources", ["Widget", "Guarded", "Aggregated"]],
    ]);
  });

  it("does not make workloads wait for a webhook that looks at them: it would wait for them", () => {
    const context = layerContext([webhook]);
    expect(applyRank(objectIdOf(object("apps/v1", "Deployment")), context)).toBe("workloads");
  });

  it("survives definitions and webhooks that are not well formed", () => {
    const broken = [
      object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "x", { spec: "?" }),
      object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "x", {
        webhooks: [null, { rules: 1 }],
      }),
    ];
    expect(orderForApply(broken.map((body) => ({ body })))).toHaveLength(2);
  });
});

describe("the order of deletion", () => {
  it("goes the other way: webhooks, custom resources, workloads, definitions, Namespaces", () => {
    const steps = samples.map((one) => [one.kind, deletionStep(objectIdOf(one))]);
    expect(Object.fromEntries(steps)).toEqual({
      Namespace: "namespaces",
      CustomResourceDefinition: "definitions",
      ConfigMap: "foundations",
      PersistentVolumeClaim: "foundations",
      ClusterRole: "foundations",
      RoleBinding: "bindings",
      Service: "workloads",
      Deployment: "workloads",
      ValidatingWebhookConfiguration: "webhooks",
      APIService: "workloads",
      Widget: "custom-resources",
      Guarded: "custom-resources",
      Aggregated: "custom-resources",
      Elsewhere: "custom-resources",
    });
    expect(DELETION_STEPS.indexOf("webhooks")).toBeLessThan(DELETION_STEPS.indexOf("custom-resources"));
    expect(DELETION_STEPS.indexOf("definitions")).toBeLessThan(DELETION_STEPS.indexOf("namespaces"));
  });

  it("deletes a built-in object never before what was applied after it", () => {
    const builtIn = samples.map(objectIdOf).filter(({ group }) => !group.includes("example.com"));
    const context = layerContext(samples);
    const applied = (id: (typeof builtIn)[number]): number => RANKS.indexOf(applyRank(id, context));
    const deleted = (id: (typeof builtIn)[number]): number => DELETION_STEPS.indexOf(deletionStep(id));
    for (const [one, other] of builtIn.flatMap((id) => builtIn.map((next) => [id, next] as const))) {
      if (applied(one) < applied(other))
        expect(deleted(one), `${one.kind} and ${other.kind}`).toBeGreaterThanOrEqual(deleted(other));
    }
  });
});
