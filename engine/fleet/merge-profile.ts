import { type MergedPath, mergeOverride, schemasAmong } from "../merge/index.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { shellWord } from "../model/shell-word.ts";
import { orphanedPlaces } from "../plan/orphaned-places.ts";
import { invalidOverride } from "../render/override-layer.ts";
import type { ProfileOverrides } from "./read-overrides.ts";
import type { RenderedProfile } from "./render-profile.ts";

/** The overridden paths of one layer, each with what the update of the profile means for it. */
export interface MergedLayer {
  readonly layer: string;
  readonly file: string;
  readonly paths: readonly MergedPath[];
  /** The profile's objects that the override was last merged with. */
  readonly base: readonly KubeObject[];
}

export interface MergedProfile {
  readonly layers: readonly MergedLayer[];
  /** Overrides that cannot be read, or not merged as the layer does not render. */
  readonly problems: readonly Problem[];
}

/**
 * Merges a cluster's overrides of one profile, made over `base`, with `theirs`. An override that cannot be read is a
 * problem, and so is one of a layer that is there but does not render: nobody knows yet what fits it.
 */
export function mergeProfile({
  base,
  theirs,
  overrides,
}: {
  readonly base: Pick<RenderedProfile, "steps">;
  readonly theirs: Pick<RenderedProfile, "profile" | "steps">;
  readonly overrides: ProfileOverrides;
}): MergedProfile {
  const before = objectsByLayer(base);
  const after = objectsByLayer(theirs);
  const schemaOf = schemasAmong([...before.values(), ...after.values()].flat());
  const problems: Problem[] = [...overrides.problems];
  const layers: MergedLayer[] = [];
  for (const [layer, { file, documents }] of overrides.layers) {
    if (!after.has(layer) && mayHave(theirs, layer)) {
      problems.push(unmerged(layer, file));
      continue;
    }
    try {
      const objects = before.get(layer) ?? [];
      const paths = mergeOverride({
        base: objects,
        theirs: after.get(layer),
        override: documents.map(({ object }) => object),
        schemaOf,
      });
      layers.push({ layer, file, paths, base: objects });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      problems.push(invalidOverride(error, file));
    }
  }
  return { layers, problems };
}

/**
 * What keeps a cluster from running `target` (`<profile>@<version>`): overrides of what it no longer has. One problem
 * a path; one for an object of which nothing that is overridden fits.
 */
export function orphanProblems(layers: readonly MergedLayer[], target: string, cluster: string): Problem[] {
  const [profile = ""] = target.split("@");
  return layers.flatMap(({ layer, file, paths }) =>
    orphanedPlaces(paths).map(
      ({ place, text }): Problem => ({
        code: "override-orphaned",
        message: `nothing is applied: the override of ${text} changes what ${target} no longer has`,
        file,
        object: place,
        hint: `drop it with \`strata cluster override ${cluster} ${profile}/${layer} --remove ${shellWord(place)}\`, or edit ${file}`,
        severity: "error",
      }),
    ),
  );
}

function objectsByLayer({ steps }: Pick<RenderedProfile, "steps">): Map<string, KubeObject[]> {
  return new Map(steps.flat().map((layer) => [layer.name, layer.objects.map(({ object }) => object)]));
}

/** Whether a profile has a layer, as far as it can be read. */
function mayHave({ profile }: Pick<RenderedProfile, "profile">, layer: string): boolean {
  return profile === undefined || profile.spec.layers.some(({ name }) => name === layer);
}

function unmerged(layer: string, file: string): Problem {
  return {
    code: "override-unmerged",
    message: `the override of layer "${layer}" waits for the layer, which cannot be rendered`,
    file,
    hint: "mend the layer first",
    severity: "error",
  };
}
