import { schemasAmong } from "../merge/index.ts";
import type { DesiredLayer } from "../model/desired.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import { layerSteps, type Layer, type Profile } from "../model/profile.ts";
import { markIgnored } from "../render/ignore-in-layer.ts";
import { isManifestFile, type LayerSource, renderLayer, type RenderedLayer } from "../render/render-layer.ts";
import { listTree, type TreeFile } from "../repo/cluster-files.ts";
import { profileDir } from "../repo/paths.ts";
import { readFile } from "../repo/read-file.ts";
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
  const files = await readLayer(reader, { profile, tree, layer: layer.name });
  if (isProblem(files)) return { layer: undefined, problems: [files] };
  if (files !== undefined) return renderLayer(profile, layer, files, defaults);
  const problem = {
    code: "layer-missing",
    message: `the directory of layer "${layer.name}" is missing`,
    file: `${profileDir(profile)}/${layer.name}`,
    hint: "add its files, or remove the layer from profile.yaml",
  };
  return { layer: undefined, problems: [problem] };
}

type LayerPlace = { readonly profile: string; readonly tree: string; readonly layer: string };

/** The same as {@link readLayerFiles}, but that what cannot be read is a problem of the layer alone. */
async function readLayer(
  reader: StateReader,
  place: LayerPlace,
): Promise<LayerSource[] | Problem | undefined> {
  try {
    return await readLayerFiles(reader, place);
  } catch (error) {
    if (!(error instanceof EngineError) || !UNREADABLE.has(error.code)) throw error;
    return { file: `${profileDir(place.profile)}/${place.layer}`, ...error.toProblem() };
  }
}

function isProblem(read: LayerSource[] | Problem | undefined): read is Problem {
  return read !== undefined && !Array.isArray(read);
}

/** What the manifest files of one layer may weigh together. */
const MAX_LAYER_BYTES = 64 * 1024 * 1024;
const UNREADABLE: ReadonlySet<string> = new Set([
  "layer-too-large",
  "object-too-large",
  "path-refused",
  "tree-too-large",
]);

/**
 * The files of a layer by their path in the repository; undefined where it has no directory. Files that hold no
 * objects come without their content. Throws `layer-too-large`, `object-too-large`, and what `listTree` throws.
 */
export async function readLayerFiles(
  reader: StateReader,
  { profile, tree, layer }: LayerPlace,
): Promise<LayerSource[] | undefined> {
  const { git } = reader;
  const child = (await git.readTree(tree)).find((candidate) => candidate.path === layer);
  if (child === undefined) return undefined;
  const directory = `${profileDir(profile)}/${layer}`;
  if (child.type !== "tree") {
    const message = "a file, a link or a submodule stands where the layer's directory should";
    throw new EngineError("path-refused", message, { file: directory, hint: "make it a directory" });
  }
  let bytes = 0;
  const read = async ({ path, mode, oid }: TreeFile): Promise<LayerSource> => {
    const file = `${directory}/${path}`;
    if (!mode.startsWith("100") || !isManifestFile(path)) return { path: file, mode, data: new Uint8Array() };
    const data = await readFile(git, { path, mode, oid, type: "blob" }, file);
    if (!Buffer.isBuffer(data)) throw new EngineError(data.code, data.message, data);
    bytes += data.length;
    if (bytes <= MAX_LAYER_BYTES) return { path: file, mode, data };
    const message = `the files of layer "${layer}" have more than ${MAX_LAYER_BYTES / 1024 / 1024} MiB together`;
    throw new EngineError("layer-too-large", message, { file: directory, hint: "split the layer" });
  };
  return Promise.all((await listTree(git, child.oid)).map(read));
}
