import { createHash } from "node:crypto";
import {
  applyOverride,
  diffObjects,
  dropPaths,
  ignoredPaths,
  type MergedPath,
  overriddenPaths,
  type SchemaOf,
} from "../merge/index.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import type { DesiredObject } from "../model/desired.ts";
import type { Place, Problem } from "../model/errors.ts";
import { hideSecrets } from "../model/hide-secrets.ts";
import { describeId, type Json, type KubeObject, objectIdOf, objectKey } from "../model/kube-object.ts";
import type {
  ObjectEffect,
  PlanChange,
  PlanEffect,
  PlanLayer,
  PlanOverride,
  PlanView,
  UpdateView,
} from "../model/plan.ts";
import type { Ignored } from "../model/profile.ts";
import { hideTexts, type TextFile } from "../yaml/index.ts";
import { planEffects } from "./effects.ts";
import { layerText, overrideFiles } from "./layer-files.ts";
import { markOverridden } from "./overridden-lines.ts";

/** A layer at one tree of the profile. */
export interface LayerSide {
  readonly files: readonly TextFile[];
  readonly objects: readonly KubeObject[];
  /** Where each of them is written. */
  readonly places: readonly Place[];
  /** What the layer sets at creation only. Left out: nothing. */
  readonly ignore?: readonly Ignored[];
}

/** One layer before and after the update; a side is undefined where the layer is not there. */
export interface PlanLayerInput {
  readonly name: string;
  readonly type: string;
  readonly base: LayerSide | undefined;
  readonly target: LayerSide | undefined;
  readonly override: readonly KubeObject[];
  /** The objects that the override was last merged with: not those of `base` where that left an orphan. */
  readonly mergeBase: readonly KubeObject[];
  /** The override's paths, merged with the target. */
  readonly merged: readonly MergedPath[];
  /** The override without what is orphaned at the target. */
  readonly fitting: readonly KubeObject[];
}

/** An override without its paths that are orphaned: laid over the target they would make what nobody wants. */
export function fittingOverride(
  override: readonly KubeObject[],
  merged: readonly MergedPath[],
  schemaOf: SchemaOf,
): readonly KubeObject[] {
  const orphans = merged.filter(({ state }) => state === "orphaned");
  return orphans.length === 0 ? override : dropPaths(override, orphans, schemaOf);
}

/** All that a plan is made from. */
export interface PlanInput {
  readonly cluster: string;
  readonly profile: string;
  readonly version: string;
  readonly from: { readonly version: string; readonly revision: number | null; readonly tree: string };
  readonly to: { readonly revision: number | null; readonly tree: string };
  /** The cluster's `spec` without its connection. */
  readonly spec: Json;
  /** In install order of the target; layers that are gone come last. */
  readonly layers: readonly PlanLayerInput[];
  readonly schemaOf: SchemaOf;
  readonly problems: readonly Problem[];
}

/**
 * The plan of an update: what it changes in the profile, in the cluster's overrides and in the cluster. Pure.
 * @param tried what the cluster makes of its effects, in their order; left out: it was not asked
 */
export function makePlan(
  input: PlanInput,
  tried?: readonly Pick<PlanEffect, "effect" | "why" | "problem">[],
): PlanView {
  const { cluster, profile, version, from, to, schemaOf, problems } = input;
  const rendered = renderedLayers(input);
  return {
    plan: planId(input),
    cluster,
    profile,
    version,
    fromVersion: from.version,
    from: from.revision,
    to: to.revision,
    layers: rendered.map((layer) => planLayer(layer, schemaOf)),
    effects: effectsOf(input).map((one, index) => ({ ...viewEffect(one), ...tried?.[index] })),
    problems,
  };
}

/** What does not render whole says nothing of any layer. */
function renderedLayers({ layers, problems }: PlanInput): readonly PlanLayerInput[] {
  return problems.length === 0 ? layers : [];
}

/** The same plan with what a user decided about overrides: they are these afterwards, by layer. */
export function withDecisions(
  input: PlanInput,
  resolved: ReadonlyMap<string, readonly KubeObject[]>,
): PlanInput {
  const layers = input.layers.map((layer) => ({
    ...layer,
    fitting: resolved.get(layer.name) ?? layer.fitting,
  }));
  return { ...input, layers };
}

/** All objects of the profile before or after an update, overrides over them. */
export function profileObjects(
  { layers, schemaOf }: PlanInput,
  side: "base" | "target",
): readonly KubeObject[] {
  return layers.flatMap((layer) => objectsOf(layer, side, schemaOf));
}

/** What confirming a plan does to the objects of the cluster, as far as the repository tells. Pure. */
export function effectsOf(input: PlanInput): ObjectEffect[] {
  const layers = renderedLayers(input);
  const sidesOf = (side: "base" | "target") =>
    layers.map((layer) => ({ layer: layer.name, objects: placedObjects(layer, side, input.schemaOf) }));
  return planEffects(sidesOf("base"), sidesOf("target"), input.schemaOf);
}

function viewEffect({ layer, object, effect, why }: ObjectEffect): PlanEffect {
  return { layer, object: describeId(objectIdOf(object)), effect, why };
}

/** The same plan in few words, for lists; the texts are not made. */
export function summarisePlan(input: PlanInput): UpdateView {
  const { cluster, profile, version, from, to, schemaOf, problems } = input;
  const layers = renderedLayers(input);
  const overrides = { kept: 0, conflict: 0, redundant: 0, orphaned: 0 };
  for (const { state } of layers.flatMap(({ merged }) => merged)) overrides[state] += 1;
  return {
    plan: planId(input),
    cluster,
    profile,
    version,
    from: from.revision,
    to: to.revision,
    changes: layers.flatMap((layer) => changesOf(layer, schemaOf)).length,
    overrides,
    problems,
  };
}

/**
 * Identifies the content of a plan: the trees, the cluster's `spec`, its overrides of the profile and all that is
 * rendered. Nothing live is in it.
 */
export function planId({ from, to, spec, layers, schemaOf }: PlanInput): string {
  const content = [
    from.tree,
    to.tree,
    spec,
    layers.map((layer) => [layer.name, layer.override]),
    layers.map((layer) => [layer.name, layer.type, objectsOf(layer, "target", schemaOf)]),
  ];
  return createHash("sha256")
    .update(canonicalJson(content as unknown as Json))
    .digest("hex")
    .slice(0, 16);
}

function objectsOf(
  layer: PlanLayerInput,
  side: "base" | "target",
  schemaOf: SchemaOf,
): readonly KubeObject[] {
  const found = layer[side];
  return found === undefined ? [] : applyOverride(found.objects, overrideAt(layer, side), schemaOf).objects;
}

function placedObjects(
  layer: PlanLayerInput,
  side: "base" | "target",
  schemaOf: SchemaOf,
): readonly DesiredObject[] {
  const { objects, places, ignore = [] } = layer[side] ?? { objects: [], places: [] };
  const placeOf = new Map(objects.map((object, index) => [keyOf(object), places[index]]));
  return objectsOf(layer, side, schemaOf).map((object) => ({
    object,
    place: placeOf.get(keyOf(object)) ?? {},
    ignored: ignoredPaths(object, ignore, schemaOf),
  }));
}

function keyOf(object: KubeObject): string {
  return objectKey(objectIdOf(object));
}

function planLayer(layer: PlanLayerInput, schemaOf: SchemaOf): PlanLayer {
  const current = shownText(layer, "base", schemaOf);
  const pending = shownText(layer, "target", schemaOf);
  const profile = layer.target === undefined ? "" : layerText(layer.target.files);
  const hidden = hideTexts(current, pending);
  const marked = hideTexts(profile, pending);
  return {
    name: layer.name,
    type: layer.type,
    current: hidden.before,
    pending: hidden.after,
    overriddenLines: markOverridden(marked.before, marked.after).overriddenLines,
    changes: changesOf(layer, schemaOf),
    overrides: layer.merged.map(overrideOf),
  };
}

/** The text of a layer as a cluster has it, for people to read and edit: values of Secrets stand in it. */
export function shownText(layer: PlanLayerInput, side: "base" | "target", schemaOf: SchemaOf): string {
  const found = layer[side];
  return found === undefined ? "" : layerText(overrideFiles(found.files, overrideAt(layer, side), schemaOf));
}

function overrideAt(layer: PlanLayerInput, side: "base" | "target"): readonly KubeObject[] {
  return side === "base" ? layer.override : layer.fitting;
}

function changesOf({ base, target }: PlanLayerInput, schemaOf: SchemaOf): PlanChange[] {
  const before = base?.objects ?? [];
  const patches = diffObjects(before, target?.objects ?? [], schemaOf);
  return overriddenPaths(before, patches, schemaOf).map(({ object, path, value, before: was }) => ({
    object: describeId(object),
    path,
    before: hideSecrets(object, path, was) ?? null,
    after: hideSecrets(object, path, value) ?? null,
  }));
}

function overrideOf({ object, path, value, before, theirs, state }: MergedPath): PlanOverride {
  return {
    object: describeId(object),
    path,
    value: hideSecrets(object, path, value) ?? null,
    before: hideSecrets(object, path, before) ?? null,
    after: hideSecrets(object, path, theirs) ?? null,
    state,
  };
}
