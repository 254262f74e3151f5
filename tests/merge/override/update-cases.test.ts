import type { OverrideState } from "../../../engine/model/view.ts";
import { describe, expect, test } from "vitest";
import { diffObjects, type MergedPath, mergeOverride } from "../../../engine/merge/index.ts";
import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { deployment, env, pod, schemaOf } from "./samples.ts";

describe("an update of the profile", () => {
  interface Update {
    readonly base: KubeObject;
    readonly theirs: KubeObject | undefined;
    readonly mine: KubeObject;
  }
  const merge = ({ base, theirs, mine }: Update): readonly MergedPath[] =>
    mergeOverride({
      base: [base],
      theirs: theirs === undefined ? [] : [theirs],
      override: diffObjects([base], [mine], schemaOf),
      schemaOf,
    });
  const states = (update: Update): Readonly<Record<string, OverrideState>> =>
    Object.fromEntries(merge(update).map(({ path, state }) => [path, state]));
  const replicas = (count: number) => deployment({ replicas: count, paused: false });
  const limits = (resources: JsonObject) => pod({ containers: [{ name: "api", resources }] });
  const api = "spec.template.spec.containers[name=api]";

  test("elsewhere keeps the override", () => {
    const theirs = deployment({ replicas: 3, paused: true });
    expect(states({ base: replicas(3), theirs, mine: replicas(1) })).toEqual({ "spec.replicas": "kept" });
  });

  test("of the overridden field is a conflict, shown with all three values", () => {
    const update = { base: replicas(3), theirs: replicas(5), mine: replicas(1) };
    expect(merge(update)).toMatchObject([
      { path: "spec.replicas", state: "conflict", before: 3, theirs: 5, value: 1 },
    ]);
  });

  test("to what the override says makes it redundant", () => {
    expect(states({ base: replicas(3), theirs: replicas(1), mine: replicas(1) })).toEqual({
      "spec.replicas": "redundant",
    });
  });

  test("inside what the override replaces is a conflict", () => {
    const base = pod({ tolerations: [{ key: "a", effect: "NoSchedule" }] });
    const theirs = pod({ tolerations: [{ key: "a", effect: "NoExecute" }] });
    const mine = pod({ tolerations: [{ key: "b" }] });
    expect(states({ base, theirs, mine })).toEqual({ "spec.template.spec.tolerations": "conflict" });
    const removed = {
      base: limits({ limits: { cpu: "1" } }),
      theirs: limits({ limits: { cpu: "2" } }),
      mine: limits({}),
    };
    expect(states(removed)).toEqual({ [`${api}.resources.limits`]: "conflict" });
  });

  test("around what the override changes is a conflict, also where the field itself was not in the profile", () => {
    const base = limits({ limits: { cpu: "1" } });
    const mine = limits({ limits: { cpu: "1", memory: "1Gi" } });
    expect(states({ base, theirs: limits({}), mine })).toEqual({
      [`${api}.resources.limits.memory`]: "conflict",
    });
    const twice = pod({ containers: [{ name: "api" }, { name: "api" }] });
    expect(states({ base, theirs: twice, mine })).toEqual({ [`${api}.resources.limits.memory`]: "conflict" });
  });

  test("that deletes what the override changes, and the other way round, is a conflict", () => {
    expect(states({ base: replicas(3), theirs: deployment({ paused: false }), mine: replicas(1) })).toEqual({
      "spec.replicas": "conflict",
    });
    const [one, two] = [env({ name: "A", value: "1" }), env({ name: "A", value: "2" })];
    expect(states({ base: one, theirs: two, mine: env() })).toEqual({ [`${api}.env[name=A]`]: "conflict" });
    expect(states({ base: one, theirs: one, mine: env() })).toEqual({ [`${api}.env[name=A]`]: "kept" });
    expect(states({ base: one, theirs: env(), mine: env() })).toEqual({
      [`${api}.env[name=A]`]: "redundant",
    });
  });

  test("that deletes the list item in which the override changes something orphans it", () => {
    const base = env({ name: "A", value: "1" }, { name: "B", value: "1" });
    const mine = env({ name: "A", value: "2" }, { name: "B", value: "1" });
    expect(states({ base, theirs: env({ name: "B", value: "1" }), mine })).toEqual({
      [`${api}.env[name=A].value`]: "orphaned",
    });
    expect(states({ base, theirs: pod({ containers: [{ name: "other" }] }), mine })).toEqual({
      [`${api}.env[name=A].value`]: "orphaned",
    });
  });

  test("that adds what the override adds is a conflict where they differ, field by field", () => {
    const mine = env({ name: "A", value: "mine" });
    expect(states({ base: env(), theirs: env({ name: "A", value: "theirs" }), mine })).toEqual({
      [`${api}.env[name=A].value`]: "conflict",
    });
    expect(states({ base: env(), theirs: mine, mine })).toEqual({
      [`${api}.env[name=A].value`]: "redundant",
    });
    expect(states({ base: env(), theirs: env({ name: "B" }), mine })).toEqual({
      [`${api}.env[name=A]`]: "kept",
    });
    const whole = {
      base: [],
      theirs: [replicas(1)],
      override: diffObjects([], [replicas(2)], schemaOf),
      schemaOf,
    };
    expect(mergeOverride(whole)).toMatchObject([{ path: "", state: "conflict" }]);
  });

  test("that renames the overridden object orphans each path, as does one that drops the layer", () => {
    const base = replicas(3);
    const override = diffObjects([base], [deployment({ replicas: 1, paused: true })], schemaOf);
    const renamed = { ...base, metadata: { ...base.metadata, name: "site" } };
    for (const theirs of [[renamed], undefined]) {
      const paths = mergeOverride({ base: [base], theirs, override, schemaOf });
      expect(paths.map(({ path, state }) => [path, state])).toEqual([
        ["spec.replicas", "orphaned"],
        ["spec.paused", "orphaned"],
      ]);
    }
  });

  test("that adds or removes other items leaves an order that is overridden; one that orders them anew is a conflict", () => {
    const containers = (...names: readonly string[]) => pod({ containers: names.map((name) => ({ name })) });
    const [base, mine] = [containers("a", "b", "c"), containers("a", "c", "b")];
    const order = "spec.template.spec.containers.$setElementOrder";
    expect(states({ base, theirs: containers("new", "a", "b", "c"), mine })).toEqual({ [order]: "kept" });
    expect(states({ base, theirs: containers("b", "a", "c"), mine })).toEqual({ [order]: "kept" });
    expect(states({ base, theirs: containers("a", "c", "b"), mine })).toEqual({ [order]: "redundant" });
    expect(
      states({ base: mine, theirs: containers("c", "b", "a"), mine: containers("b", "c", "a") }),
    ).toEqual({
      [order]: "conflict",
    });
  });

  test("keeps the order that places an item which the override adds", () => {
    const containers = (...names: readonly string[]) => pod({ containers: names.map((name) => ({ name })) });
    const update = {
      base: containers("a", "b"),
      theirs: containers("a", "b", "c"),
      mine: containers("a", "new", "b"),
    };
    expect(states(update)).toEqual({
      "spec.template.spec.containers.$setElementOrder": "kept",
      "spec.template.spec.containers[name=new]": "kept",
    });
  });

  test("that gives a list the order of the override makes the order redundant, whatever else the list has", () => {
    const named = (...names: readonly string[]) => names.map((name) => ({ name, image: "a:1" }));
    const [base, theirs] = [pod({ containers: named("a", "b") }), pod({ containers: named("b", "a") })];
    const mine = pod({ containers: [{ name: "b", image: "a:2" }, ...named("a")] });
    expect(states({ base, theirs, mine })).toEqual({
      "spec.template.spec.containers.$setElementOrder": "redundant",
      "spec.template.spec.containers[name=b].image": "kept",
    });
  });
});
