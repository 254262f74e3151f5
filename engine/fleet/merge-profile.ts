import { type MergedPath, mergeOverride, schemasAmong } from "../merge/index.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import { describeId, type KubeObject } from "../model/kube-object.ts";
import { invalidOverride } from "../render/override-layer.ts";
import { overridesDir } from "../repo/paths.ts";
import type { ProfileOverrides } from "./read-overrides.ts";
import type { RenderedProfile } from "./render-profile.ts";

/** The overridden paths of one layer, each with what the update of the profile means for it. */
export interface MergedLayer {
  readonly layer: string;
  readonly file: string;
  readonly paths: readonly MergedPath[];
}

export interface MergedProfile {
  readonly layers: readonly MergedLayer[];
  /** Overrides that cannot be read. */
  readonly problems: readonly Problem[];
}

/**
 * Merges a cluster's overrides of one profile, made over `base`, with `theirs`. An override that cannot be read is a
 * problem.
 */
export function mergeProfile({
  base,
  theirs,
  overrides,
}: {
  readonly base: Pick<RenderedProfile, "steps">;
  readonly theirs: Pick<RenderedProfile, "steps">;
  readonly overrides: ProfileOverrides;
}): MergedProfile {
  const before = objectsByLayer(base);
  const after = objectsByLayer(theirs);
  const schemaOf = schemasAmong([...before.values(), ...after.values()].flat());
  const problems: Problem[] = [];
  const layers: MergedLayer[] = [];
  for (const [layer, { file, documents }] of overrides.layers) {
    try {
      const paths = mergeOverride({
        base: before.get(layer) ?? [],
        theirs: after.get(layer),
        override: documents.map(({ object }) => object),
        schemaOf,
      });
      layers.push({ layer, file, paths });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      problems.push(invalidOverride(error, file));
    }
  }
  return { layers, problems };
}

/** What keeps a cluster from running `target` (`<profile>@<version>`): overrides of what it no longer has. */
export function orphanProblems(layers: readonly MergedLayer[], target: string, cluster: string): Problem[] {
  return layers.flatMap(({ layer, file, paths }) =>
    paths
      .filter(({ state }) => state === "orphaned")
      .map(({ object, path }): Problem => {
        const place = [describeId(object), path].filter((part) => part !== "").join(" ");
        const [profile = ""] = target.split("@");
        return {
          code: "override-orphaned",
          message: `the override of ${place} does not fit ${target}, which no longer has what it changes`,
          file,
          object: place,
          hint: `drop it with \`strata cluster override ${cluster} ${profile}/${layer} --remove '${place}'\`, or edit ${overridesDir(cluster)}`,
          severity: "error",
        };
      }),
  );
}

function objectsByLayer({ steps }: Pick<RenderedProfile, "steps">): Map<string, KubeObject[]> {
  return new Map(steps.flat().map((layer) => [layer.name, layer.objects.map(({ object }) => object)]));
}
