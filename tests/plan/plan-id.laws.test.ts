import fc from "fast-check";
import { expect, test } from "vitest";
import { applyOverride } from "../../engine/merge/index.ts";
import { canonicalJson } from "../../engine/model/canonical-json.ts";
import { isJsonObject, type Json, type KubeObject } from "../../engine/model/kube-object.ts";
import { type PlanInput, type PlanLayerInput, planId } from "../../engine/plan/make-plan.ts";
import { inputOf, layerOf, schemaOf, update } from "./arbitrary-plans.ts";

/** What a plan is about, by design's words. */
function contentOf({ from, to, spec, layers }: PlanInput): string {
  const contents = layers.map(({ name, type, override, fitting, target }): Json[] => {
    const rendered: readonly Json[] = applyOverride(target?.objects ?? [], fitting, schemaOf).objects;
    return [name, type, override, rendered];
  });
  return canonicalJson([from.tree, to.tree, spec, contents]);
}

const PROBLEM = { code: "layer-missing", message: "the directory of a layer is missing" };

type Change = (input: PlanInput, other: PlanInput, at: number) => PlanInput;

function changeLayer(change: (layer: PlanLayerInput) => Partial<PlanLayerInput>) {
  return (input: PlanInput) => ({
    ...input,
    layers: input.layers.map((layer) => ({ ...layer, ...change(layer) })),
  });
}

/** What may change between two plans: one thing, nothing that counts, or all of a layer. */
const CHANGES: readonly Change[] = [
  (input) => ({ ...input, from: { ...input.from, tree: "c".repeat(40) } }),
  (input) => ({ ...input, to: { ...input.to, tree: "c".repeat(40) } }),
  (input) => ({ ...input, from: { ...input.from, revision: 7 }, cluster: "prod", problems: [PROBLEM] }),
  (input, _other, at) => ({ ...input, spec: withLeaf(input.spec, at) }),
  changeLayer(() => ({ name: "other" })),
  changeLayer(() => ({ type: "helm" })),
  changeLayer(() => ({ merged: [], base: undefined })),
  changeLayer(() => ({ target: undefined })),
  changeLayer((layer) => structuredClone({ ...layer, fitting: layer.fitting.map(turned) })),
  (input, _other, at) => changeObjects(input, (objects) => objects.map((object) => edited(object, at))),
  (input, _other, at) =>
    changeLayer((layer) => ({ override: layer.override.map((document) => edited(document, at)) }))(input),
  (input) => changeObjects(input, (objects) => objects.toReversed()),
  (input) => changeObjects(input, (objects) => objects.map(turned)),
  (input) => changeObjects(input, (objects) => objects.slice(1)),
  (_input, other) => other,
];

function changeObjects(
  input: PlanInput,
  change: (objects: readonly KubeObject[]) => readonly KubeObject[],
): PlanInput {
  const { target, base, override } = layerOf(input);
  return inputOf({ from: base, to: { ...target, objects: change(target.objects) }, override });
}

/** The object with one of its leaves changed, which is not what says which object it is. */
function edited(object: KubeObject, at: number): KubeObject {
  const { apiVersion, kind, metadata, ...body } = object;
  return { apiVersion, kind, metadata, ...withLeaf(body, at) };
}

/** The value with its `at`-th leaf made another, counted round. */
function withLeaf<T extends Json>(value: T, at: number): T {
  const leaves = countLeaves(value);
  let left = leaves === 0 ? -1 : at % leaves;
  const walk = (node: Json): Json => {
    if (Array.isArray(node)) return (node as readonly Json[]).map(walk);
    if (isJsonObject(node))
      return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, walk(each)]));
    return left-- === 0 ? `${JSON.stringify(node)}, changed` : node;
  };
  // only leaves differ
  return walk(value) as T;
}

function countLeaves(value: Json): number {
  if (value === null || typeof value !== "object") return 1;
  return Object.values(value as Readonly<Record<string, Json>>).reduce<number>(
    (sum, each) => sum + countLeaves(each),
    0,
  );
}

/** The same object with its fields in another order. */
function turned(object: KubeObject): KubeObject {
  const walk = (node: Json): Json => {
    if (Array.isArray(node)) return (node as readonly Json[]).map(walk);
    if (!isJsonObject(node)) return node;
    return Object.fromEntries(
      Object.entries(node)
        .map(([key, each]) => [key, walk(each)] as const)
        .toReversed(),
    );
  };
  // only the order differs
  return walk(object) as KubeObject;
}

test("the id of a plan changes exactly with its content", () => {
  fc.assert(
    fc.property(update, update, fc.constantFrom(...CHANGES), fc.nat(), (input, other, change, at) => {
      const changed = change(input, other, at);
      expect(planId(changed) === planId(input)).toBe(contentOf(changed) === contentOf(input));
    }),
    { numRuns: 2000 },
  );
});
