import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyOverride,
  canonicalJson,
  diffObjects,
  mergeOverride,
  schemasAmong,
} from "../../engine/merge/index.ts";
import type { Json, KubeObject } from "../../engine/model/kube-object.ts";
import { fullPath } from "../../engine/plan/choose-path.ts";
import { layerText, overrideFiles } from "../../engine/plan/layer-files.ts";
import { fittingOverride, makePlan, type PlanInput, planId } from "../../engine/plan/make-plan.ts";
import { overriddenLines } from "../../engine/plan/overridden-lines.ts";
import { readObjects } from "../../engine/plan/read-edited.ts";
import { resolveOverrides } from "../../engine/plan/resolve-overrides.ts";
import { readManifests, type TextFile, writeYaml } from "../../engine/yaml/index.ts";
import { triple } from "../merge/override/arbitrary-objects.ts";
import { byIdentity } from "../merge/override/compare.ts";
import { GADGET_CRD } from "../merge/override/gadget-crd.ts";

const schemaOf = schemasAmong([GADGET_CRD]);
const RUNS = { numRuns: 1500 };
const OTHER: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "beside" } };

/** A file as people have it: a comment, another object, and those of the layer. */
function fileOf(objects: readonly KubeObject[]): TextFile {
  const documents = [OTHER, ...objects].map((object) => writeYaml(object));
  return { path: "app.yaml", text: `# The app\n${documents.join("---\n")}` };
}

/** Objects as a layer gives them: what reading takes away is gone. */
function side(object: KubeObject) {
  const files = [fileOf([object])];
  const { manifests } = readManifests(files[0]?.text ?? "", { file: "app.yaml" });
  return {
    files,
    objects: manifests.map((one) => one.object),
    places: manifests.map(({ line }) => ({ file: "app.yaml", line })),
  };
}

/** An update of a layer that a cluster has overridden. */
const update = triple.map(([base, theirs, mine]): PlanInput => {
  const [from, to] = [side(base), side(theirs)];
  const override = diffObjects(from.objects, [OTHER, mine], schemaOf);
  const merged = mergeOverride({ base: from.objects, theirs: to.objects, override, schemaOf });
  const fitting = fittingOverride(override, merged, schemaOf);
  const sides = { base: from, mergeBase: from.objects, target: to };
  const layer = { name: "app", type: "manifest", ...sides, override, merged, fitting };
  return {
    cluster: "dev",
    profile: "app",
    version: "1.0.0",
    from: { version: "1.0.0", revision: 1, tree: "a".repeat(40) },
    to: { revision: 2, tree: "b".repeat(40) },
    spec: { profiles: [{ name: "app", version: "1.0.0" }] },
    layers: [layer],
    schemaOf,
    problems: [],
  };
});

const layerOf = ({ layers: [layer] }: PlanInput) => {
  if (layer?.target === undefined || layer.base === undefined) throw new Error("the layer is there");
  return { ...layer, base: layer.base, target: layer.target };
};
const orphansOf = (input: PlanInput) =>
  layerOf(input)
    .merged.filter(({ state }) => state === "orphaned")
    .map(fullPath);
const apply = (objects: readonly KubeObject[], override: readonly KubeObject[]) =>
  applyOverride(objects, override, schemaOf).objects;
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

  test("what was confirmed is merged: every path that is left is kept or redundant at the target", () => {
    fc.assert(
      fc.property(update, (input) => {
        const { target } = layerOf(input);
        const left = resolveOverrides(input, { drop: orphansOf(input), edited: none }).get("app") ?? [];
        const again = mergeOverride({
          base: target.objects,
          theirs: target.objects,
          override: left,
          schemaOf,
        });
        expect(again.filter(({ state }) => state === "orphaned" || state === "conflict")).toEqual([]);
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
      fc.property(update, triple, (input, [wanted]) => {
        const { target } = layerOf(input);
        const edited = new Map([["app", fileOf([wanted]).text]]);
        const drop = orphansOf(input);
        const after = resolveOverrides(input, { drop, edited }).get("app") ?? [];
        expect(byIdentity(apply(target.objects, after))).toEqual(byIdentity(side(wanted).objects));
      }),
      RUNS,
    );
  });

  test("its id changes exactly with its content", () => {
    const change: fc.Arbitrary<(input: PlanInput) => PlanInput> = fc.constantFrom(
      (input) => ({ ...input, from: { ...input.from, tree: "c".repeat(40) } }),
      (input) => ({ ...input, to: { ...input.to, tree: "c".repeat(40) } }),
      (input) => ({ ...input, spec: { profiles: [] } }),
      (input) => ({ ...input, layers: input.layers.map((layer) => ({ ...layer, override: [OTHER] })) }),
      (input) => ({ ...input, layers: input.layers.map((layer) => ({ ...layer, name: "other" })) }),
    );
    fc.assert(
      fc.property(update, change, (input, changed) => {
        const copy = {
          ...input,
          layers: structuredClone(input.layers.map(({ merged: _merged, ...rest }) => rest)),
        };
        const same: PlanInput = { ...copy, layers: copy.layers.map((layer) => ({ ...layer, merged: [] })) };
        expect(planId(same)).toBe(planId({ ...input, from: { ...input.from, revision: 7 } }));
        expect(planId(changed(input))).not.toBe(planId(input));
        const { target } = layerOf(input);
        const more = { ...target, objects: [...target.objects, { ...OTHER, metadata: { name: "new" } }] };
        const grown = { ...input, layers: input.layers.map((layer) => ({ ...layer, target: more })) };
        expect(planId(grown)).not.toBe(planId(input));
      }),
      { numRuns: 300 },
    );
  });

  test("it says what happens to every object that differs, and to no other", () => {
    fc.assert(
      fc.property(update, (input) => {
        const { base, target, override, fitting } = layerOf(input);
        const before = byIdentity(apply(base.objects, override));
        const after = byIdentity(apply(target.objects, fitting));
        const names = new Set([...Object.keys(before), ...Object.keys(after)]);
        const text = (object: Json | undefined) => (object === undefined ? "" : canonicalJson(object));
        const differ = [...names].filter((name) => text(before[name]) !== text(after[name]));
        expect(makePlan(input).effects).toHaveLength(differ.length);
      }),
      { numRuns: 500 },
    );
  });

  test("10,000 lines: the overridden ones are found", () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `line ${index}`);
    const shown = lines.with(17, "mine").with(9_990, "mine too").toSpliced(5_000, 0, "new");
    expect(overriddenLines(lines.join("\n"), shown.join("\n"))).toEqual([18, 5_001, 9_992]);
  });
});
