import { dropPaths, layOver, type MergedPath, mergeOverride } from "../merge/index.ts";
import { EngineError } from "../model/errors.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { shellWord } from "../model/shell-word.ts";
import { choosePath } from "./choose-path.ts";
import { overrideFiles } from "./layer-files.ts";
import type { PlanInput, PlanLayerInput } from "./make-plan.ts";
import { type OrphanedPlace, orphanedPlaces } from "./orphaned-places.ts";
import { readEdited } from "./read-edited.ts";

/** What a user decides about the overrides that an update meets. */
export interface Decisions {
  /** Overridden paths that are to be as the profile has them (see `choosePath`). */
  readonly drop: readonly string[];
  /** Edited pending texts, by layer. */
  readonly edited: ReadonlyMap<string, string>;
}

/**
 * The overrides of each layer after an update: without the paths that were dropped, and so that they give the edited
 * text where there is one. Throws `override-orphaned` where one is left that does not fit, `path-unknown`,
 * `path-ambiguous`, `layer-unknown` and `edit-invalid`.
 */
export function resolveOverrides(
  input: PlanInput,
  { drop, edited }: Decisions,
): ReadonlyMap<string, readonly KubeObject[]> {
  const { layers, profile, version } = input;
  const unknown = [...edited.keys()].find((name) => layers.every((layer) => layer.name !== name));
  if (unknown !== undefined) {
    throw new EngineError("layer-unknown", `the update of ${profile}@${version} has no layer "${unknown}"`, {
      hint: `layers: ${layers.map(({ name }) => name).join(", ")}`,
    });
  }
  const paths = layers.flatMap(({ name, merged }) =>
    merged.map(({ object, path }) => ({ layer: name, object, path })),
  );
  const dropped = drop.map((text) => choosePath(paths, text));
  const kept = layers.map((layer) => {
    const here = dropped.filter((one) => one.layer === layer.name);
    return { ...layer, override: dropPaths(layer.override, here, input.schemaOf) };
  });
  const orphans = kept.flatMap((layer) => orphanedPlaces(mergedPaths(layer, input)));
  if (orphans.length > 0) throw orphaned(orphans, input);
  return new Map(kept.map((layer) => [layer.name, layEdit(layer, edited.get(layer.name), input)]));
}

function layEdit(
  layer: PlanLayerInput,
  text: string | undefined,
  { schemaOf, profile, version }: PlanInput,
): readonly KubeObject[] {
  if (text === undefined) return layer.override;
  const { target, override, name } = layer;
  if (target === undefined)
    throw new EngineError("layer-gone", `${profile}@${version} no longer has the layer "${name}"`, {
      hint: "drop what is overridden in it with --drop <path>",
    });
  const edited = readEdited(overrideFiles(target.files, override, schemaOf), text);
  return layOver({ base: target.objects, override, edited, schemaOf });
}

/** What becomes of each path of the override that a layer is given. */
export function mergedPaths(
  { mergeBase, target, override }: PlanLayerInput,
  { schemaOf }: Pick<PlanInput, "schemaOf">,
): readonly MergedPath[] {
  if (override.length === 0) return [];
  return mergeOverride({ base: mergeBase, theirs: target?.objects, override, schemaOf });
}

function orphaned(places: readonly OrphanedPlace[], { cluster, profile, version }: PlanInput): EngineError {
  const more = places.length > 1 ? ` and ${places.length - 1} more` : "";
  return new EngineError(
    "override-orphaned",
    `the override of ${places[0]?.text ?? ""}${more} in ${cluster} changes what ${profile}@${version} no longer has`,
    {
      hint: `decide what becomes of it: ${places.map(({ place }) => `--drop ${shellWord(place)}`).join(" ")}`,
      data: { paths: places.map(({ place }) => place) },
    },
  );
}
