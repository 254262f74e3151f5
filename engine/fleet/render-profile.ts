import { schemasAmong } from "../merge/index.ts";
import type { DesiredLayer } from "../model/desired.ts";
import type { Problem } from "../model/errors.ts";
import { layerSteps, type Layer, type Profile } from "../model/profile.ts";
import { markIgnored } from "../render/ignore-in-layer.ts";
import { type LayerSource, renderLayer, type RenderedLayer } from "../render/render-layer.ts";
import { listTree } from "../repo/cluster-files.ts";
import { profileDir } from "../repo/paths.ts";
import type { StateReader } from "../repo/state.ts";
import { ignoreProblems } from "./ignore-problems.ts";

export interface RenderedProfile {
  readonly profile: Profile | undefined;
  readonly steps: readonly (readonly DesiredLayer[])[];
  readonly problems: readonly Problem[];
}

export interface RenderDefaults {
  readonly layerTimeout: string;
}

/** Renders a profile from its tree, without overrides. What fails to render is a problem, and its layer is missing. */
export async function renderProfile(
  reader: StateReader,
  name: string,
  tree: string,
  defaults: RenderDefaults,
): Promise<RenderedProfile> {
  const entry = await reader.profileAt(name, tree);
  if (entry.profile === undefined) return { profile: undefined, steps: [], problems: entry.problems };
  const problems: Problem[] = [];
  const steps: DesiredLayer[][] = [];
  for (const step of layerSteps(entry.profile.spec.layers)) {
    const layers = await Promise.all(step.map((layer) => renderOne(reader, name, tree, layer, defaults)));
    problems.push(...layers.flatMap((layer) => layer.problems));
    steps.push(layers.flatMap(({ layer }) => (layer === undefined ? [] : [layer])));
  }
  const objects = steps.flat().flatMap((layer) => layer.objects.map(({ object }) => object));
  const schemaOf = schemasAmong(objects);
  problems.push(...ignoreProblems(entry, steps.flat(), schemaOf));
  const marked = steps.map((step) => step.map((layer) => markIgnored(layer, schemaOf)));
  return { profile: entry.profile, steps: marked, problems };
}

async function renderOne(
  reader: StateReader,
  profile: string,
  tree: string,
  layer: Layer,
  defaults: RenderDefaults,
): Promise<RenderedLayer> {
  const files = await readLayerFiles(reader, { profile, tree, layer: layer.name });
  if (files !== undefined) return renderLayer(profile, layer, files, defaults);
  const problem = {
    code: "layer-missing",
    message: `the directory of layer "${layer.name}" is missing`,
    file: `${profileDir(profile)}/${layer.name}`,
    hint: "add its files, or remove the layer from profile.yaml",
  };
  return { layer: undefined, problems: [problem] };
}

/** The files of a layer by their path in the repository; undefined where it has no directory. */
export async function readLayerFiles(
  reader: StateReader,
  { profile, tree, layer }: { readonly profile: string; readonly tree: string; readonly layer: string },
): Promise<LayerSource[] | undefined> {
  const { git } = reader;
  const child = (await git.readTree(tree)).find((candidate) => candidate.path === layer);
  if (child?.type !== "tree") return undefined;
  return Promise.all(
    (await listTree(git, child.oid)).map(async ({ path, mode, oid }): Promise<LayerSource> => {
      const readable = mode.startsWith("100");
      const data = readable ? await git.readBlob(oid) : new Uint8Array();
      return { path: `${profileDir(profile)}/${layer}/${path}`, mode, data };
    }),
  );
}
