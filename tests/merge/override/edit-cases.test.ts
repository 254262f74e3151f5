import { describe, expect, test } from "vitest";
import {
  applyOverride,
  type ChosenPath,
  diffObjects,
  dropPaths,
  layOver,
} from "../../../engine/merge/index.ts";
import { type JsonObject, type KubeObject, objectIdOf } from "../../../engine/model/kube-object.ts";
import { deployment, env, object, pod, schemaOf, thrownBy } from "./samples.ts";

describe("a path that is dropped", () => {
  const base = env({ name: "A", value: "1" }, { name: "B", value: "1" });
  const mine = env({ name: "A", value: "2" }, { name: "C", value: "1" });
  const override = diffObjects([base], [mine], schemaOf);
  const api = "spec.template.spec.containers[name=api]";
  const drop = (...paths: readonly string[]) => {
    const chosen = paths.map((path): ChosenPath => ({ object: objectIdOf(base), path }));
    return dropPaths(override, chosen, schemaOf);
  };

  test("leaves the others, and none is left where all are dropped", () => {
    const left = applyOverride([base], drop(`${api}.env[name=A].value`), schemaOf).objects;
    expect(left).toEqual([env({ name: "A", value: "1" }, { name: "C", value: "1" })]);
    expect(drop(`${api}.env[name=A].value`, `${api}.env[name=B]`, `${api}.env[name=C]`)).toEqual([]);
    expect(drop(`${api}.env`)).toEqual([]);
    expect(drop("")).toEqual([]);
  });

  test.each([
    "spec.replicas",
    `${api}.name`,
    `${api}.image`,
    `${api}.env[name=Z]`,
    `${api}.env[name=A].value.x`,
  ])("is refused where nothing is overridden: %s", (path) => {
    const error = thrownBy(() => drop(path));
    expect(error.code).toBe("path-unknown");
    expect(error.message).toContain(path);
  });

  test("is refused for an object that is not overridden", () => {
    const other = { group: "", kind: "Service", namespace: "shop", name: "web" };
    expect(thrownBy(() => dropPaths(override, [{ object: other, path: "" }], schemaOf)).code).toBe(
      "path-unknown",
    );
  });
});

describe("an edit", () => {
  test("sets what changed, removes what is the profile's again, and leaves what is redundant", () => {
    const base = deployment({ replicas: 3, paused: false, minReadySeconds: 1 });
    // as someone wrote it: `minReadySeconds` says what the profile says
    const override = [deployment({ minReadySeconds: 1, replicas: 1, paused: true })];
    const edited = deployment({ replicas: 3, paused: true, minReadySeconds: 1, revisionHistoryLimit: 2 });
    expect(layOver({ base: [base], override, edited: [edited], schemaOf })).toEqual([
      deployment({ minReadySeconds: 1, paused: true, revisionHistoryLimit: 2 }),
    ]);
  });

  test("of what a hand-written $patch: replace holds stays one", () => {
    const data = (values: JsonObject): KubeObject => object("v1", "ConfigMap", { data: values });
    const laid = layOver({
      base: [data({ a: "1" })],
      override: [data({ $patch: "replace", b: "2" })],
      edited: [data({ b: "3" })],
      schemaOf,
    });
    expect(laid).toEqual([data({ $patch: "replace", b: "3" })]);
  });

  test("adds to an override of fields that exclude each other what stays with them", () => {
    const volumes = (volume: JsonObject) => pod({ volumes: [{ name: "data", ...volume }] });
    const base = [volumes({ emptyDir: {} })];
    const override = diffObjects(base, [volumes({ hostPath: { path: "/a" } })], schemaOf);
    const laid = layOver({
      base,
      override,
      edited: [volumes({ hostPath: { path: "/b", type: "File" } })],
      schemaOf,
    });
    expect(laid).toEqual([
      volumes({ $retainKeys: ["name", "hostPath"], hostPath: { path: "/b", type: "File" } }),
    ]);
    expect(layOver({ base, override, edited: base, schemaOf })).toEqual([]);
  });

  test("leaves the override of an object that is not there", () => {
    const orphan = { ...deployment({ replicas: 1 }), metadata: { name: "gone" } };
    const edited = [deployment({ replicas: 2 })];
    const laid = layOver({ base: [deployment({ replicas: 3 })], override: [orphan], edited, schemaOf });
    expect(laid).toEqual([orphan, deployment({ replicas: 2 })]);
  });
});
