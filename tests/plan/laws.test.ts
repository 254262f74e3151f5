import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyOverride } from "../../engine/merge/index.ts";
import { canonicalJson } from "../../engine/model/canonical-json.ts";
import { describeId, type KubeObject, objectIdOf } from "../../engine/model/kube-object.ts";
import { fullPath } from "../../engine/plan/choose-path.ts";
import { layerText, overrideFiles } from "../../engine/plan/layer-files.ts";
import { makePlan, type PlanInput } from "../../engine/plan/make-plan.ts";
import { markOverridden } from "../../engine/plan/overridden-lines.ts";
import { readObjects } from "../../engine/plan/read-edited.ts";
import { resolveOverrides } from "../../engine/plan/resolve-overrides.ts";
import { update as drawn } from "../merge/override/arbitrary-objects.ts";
import { byIdentity } from "../merge/override/compare.ts";
import { fileOf, inputOf, layerOf, schemaOf, update } from "./arbitrary-plans.ts";

const RUNS = { numRuns: 1000 };
const orphansOf = (input: PlanInput) =>
  layerOf(input)
    .merged.filter(({ state }) => state === "orphaned")
    .map(fullPath);
const apply = (objects: readonly KubeObject[], override: readonly KubeObject[]) =>
  applyOverride(objects, override, schemaOf).objects;
/** The objects, nulls and all, by their names for people. */
const texts = (objects: readonly KubeObject[]) =>
  new Map(objects.map((object) => [describeId(objectIdOf(object)), canonicalJson(object)]));
const none = new Map<string, string>();

describe("a plan", () => {
  test("the texts that it shows read as what the cluster has and would have", () => {
    fc.assert(
      fc.property(update, (input) => {
        const { base, target, fitting, override: all } = layerOf(input);
        for (const { files, objects, override } of [
          { ...base, override: all },
          { ...target, override: fitting },
        ]) {
          const shown = overrideFiles(files, override, schemaOf);
          expect(byIdentity(readObjects(shown))).toEqual(byIdentity(apply(objects, override)));
          expect(layerText(shown).startsWith("# The app\n")).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("taking the profile everywhere leaves no override", () => {
    fc.assert(
      fc.property(update, (input) => {
        const drop = layerOf(input).merged.map(fullPath);
        expect(resolveOverrides(input, { drop, edited: none }).get("app")).toEqual([]);
      }),
      RUNS,
    );
  });

  test("after it was confirmed the next one changes nothing, and every path that is left fits", () => {
    fc.assert(
      fc.property(update, (input) => {
        const { target } = layerOf(input);
        const left = resolveOverrides(input, { drop: orphansOf(input), edited: none }).get("app") ?? [];
        const next = inputOf({ from: target, to: target, override: left });
        const { layers, effects } = makePlan(next);
        expect(layers.flatMap(({ changes }) => changes)).toEqual([]);
        expect(effects).toEqual([]);
        const states = new Set(layerOf(next).merged.map(({ state }) => state));
        expect([...states].filter((state) => state === "orphaned" || state === "conflict")).toEqual([]);
      }),
      RUNS,
    );
  });

  test("an orphan stops it until it is dropped", () => {
    fc.assert(
      fc.property(update, (input) => {
        const resolve = () => resolveOverrides(input, { drop: [], edited: none });
        if (orphansOf(input).length > 0) expect(resolve).toThrow("no longer has");
        else expect(byIdentity(resolve().get("app") ?? [])).toEqual(byIdentity(layerOf(input).override));
      }),
      RUNS,
    );
  });

  test("an edited right side is exactly what the cluster runs after it", () => {
    fc.assert(
      fc.property(update, drawn, (input, { mine: wanted }) => {
        const { target } = layerOf(input);
        const edited = new Map([["app", fileOf(wanted).text]]);
        const drop = orphansOf(input);
        const after = resolveOverrides(input, { drop, edited }).get("app") ?? [];
        expect(byIdentity(apply(target.objects, after))).toEqual(byIdentity(readObjects([fileOf(wanted)])));
      }),
      RUNS,
    );
  });

  test("it says what happens to every object that differs, and to no other", () => {
    fc.assert(
      fc.property(update, (input) => {
        const { base, target, override, fitting } = layerOf(input);
        const before = texts(apply(base.objects, override));
        const after = texts(apply(target.objects, fitting));
        const differ = [...new Set([...before.keys(), ...after.keys()])].filter(
          (object) => before.get(object) !== after.get(object),
        );
        const effects = makePlan(input).effects.map(({ object, effect }) => `${object} ${effect}`);
        const wanted = differ.map((object) => {
          const effect = !before.has(object) ? "created" : after.has(object) ? "changed" : "pruned";
          return `${object} ${effect}`;
        });
        expect(effects.toSorted()).toEqual(wanted.toSorted());
      }),
      { numRuns: 1000 },
    );
  });

  test("10,000 lines: the overridden ones are found", () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `line ${index}`);
    const shown = lines.with(17, "mine").with(9_990, "mine too").toSpliced(5_000, 0, "new");
    const { overriddenLines } = markOverridden(lines.join("\n"), shown.join("\n"));
    expect(overriddenLines).toEqual([18, 5_001, 9_992]);
  });
});
