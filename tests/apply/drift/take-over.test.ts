import { describe, expect, it } from "vitest";
import { takeOverPatch } from "../../../engine/apply/drift/take-over.ts";
import type { KubeObject } from "../../../engine/model/kube-object.ts";
import { applied, patched, updated } from "./pure-server.ts";

const LAST = "kubectl.kubernetes.io/last-applied-configuration";
const all = () => true;

function configMap(
  data: Readonly<Record<string, string>>,
  annotations?: Readonly<Record<string, string>>,
): KubeObject {
  const more = annotations === undefined ? {} : { annotations };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "shop", ...more }, data };
}

function takenOver(live: KubeObject): KubeObject {
  return patched(live, takeOverPatch(live, live.apiVersion, all));
}

function managersOf(object: KubeObject): readonly unknown[] {
  const entries = object.metadata.managedFields as readonly { manager: string; operation: string }[];
  return entries.map(({ manager, operation }) => `${manager} ${operation}`);
}

describe("taking over", () => {
  it.each(["kubectl-client-side-apply", "before-first-apply", "helm"])(
    "folds what %s wrote, so that a field that is not sent goes",
    (manager) => {
      const live = updated(undefined, configMap({ key: "1", stale: "1" }, { [LAST]: "{}" }), manager);
      const after = takenOver(live);
      expect(managersOf(after)).toEqual(["strata Apply"]);
      expect(after.metadata.annotations ?? {}).toEqual({});
      expect(applied(after, configMap({ key: "1" })).data).toEqual({ key: "1" });
    },
  );

  it.each(["helm", "kubectl"])("folds what %s applied on the server", (manager) => {
    const after = takenOver(applied(undefined, configMap({ key: "1", stale: "1" }), manager));
    expect(managersOf(after)).toEqual(["strata Apply"]);
    expect(applied(after, configMap({ key: "1" })).data).toEqual({ key: "1" });
  });

  it.each(["kubectl-rollout", "kubectl-edit", "kubectl", "some-controller"])(
    "leaves %s what it wrote",
    (manager) => {
      const first = updated(undefined, configMap({ key: "1" }), "kubectl-client-side-apply");
      const live = updated(first, { ...first, data: { key: "1", theirs: "1" } }, manager);
      const after = takenOver(live);
      expect(managersOf(after)).toEqual(["strata Apply", `${manager} Update`]);
      expect(applied(after, configMap({ key: "1" })).data).toEqual({ key: "1", theirs: "1" });
    },
  );

  it("leaves what was written through a subresource", () => {
    const first = updated(undefined, configMap({ key: "1" }), "other");
    const live = updated(first, { ...first, data: { key: "1", scale: "1" } }, "helm", "scale");
    expect(takeOverPatch(live, "v1", all)).toEqual([]);
  });

  it("fails where the object has changed meanwhile, and is nothing where there is nothing to take", () => {
    const live = updated(undefined, configMap({ key: "1" }), "helm");
    const known = { ...live, metadata: { ...live.metadata, resourceVersion: "7" } };
    expect(takeOverPatch(known, "v1", all)).toContainEqual({
      op: "replace",
      path: "/metadata/resourceVersion",
      value: "7",
    });
    expect(takeOverPatch(applied(undefined, configMap({})), "v1", all)).toEqual([]);
    expect(takeOverPatch(configMap({}), "v1", all)).toEqual([]);
  });

  it("rewrites entries at versions that are served no more, also those that it does not fold", () => {
    const entry = (manager: string, apiVersion: string, field: string, subresource?: string) => ({
      manager,
      operation: "Update",
      apiVersion,
      fieldsType: "FieldsV1",
      fieldsV1: { "f:spec": { [field]: {} } },
      ...(subresource === undefined ? {} : { subresource }),
    });
    const managedFields = [
      entry("helm", "example.com/v1beta1", "f:size"),
      entry("operator", "example.com/v1beta1", "f:old"),
      entry("operator", "example.com/v1", "f:new"),
      entry("operator", "example.com/v1alpha1", "f:phase", "status"),
    ];
    const live: KubeObject = {
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "one", managedFields },
    };
    const [step] = takeOverPatch(live, "example.com/v1", (version) => version === "example.com/v1");
    const { value } = step as unknown as { value: readonly Record<string, unknown>[] };
    expect(value.map(({ manager, apiVersion, fieldsV1 }) => [manager, apiVersion, fieldsV1])).toEqual([
      ["strata", "example.com/v1", { "f:spec": { "f:size": {} } }],
      ["operator", "example.com/v1", { "f:spec": { "f:new": {}, "f:old": {} } }],
      ["operator", "example.com/v1", { "f:spec": { "f:phase": {} } }],
    ]);
  });
});
