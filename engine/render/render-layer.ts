import type { DesiredLayer, DesiredObject } from "../model/desired.ts";
import type { Problem } from "../model/errors.ts";
import type { Layer } from "../model/profile.ts";
import { durationSeconds } from "../model/schema-parts.ts";
import { readManifests } from "../yaml/index.ts";

/** One file of a layer, its path in the repository, as Git holds it. */
export interface LayerSource {
  readonly path: string;
  readonly mode: string;
  readonly data: Uint8Array;
}

export interface RenderedLayer {
  /** Undefined where a problem is an error: a render is complete or there is none. */
  readonly layer: DesiredLayer | undefined;
  readonly problems: readonly Problem[];
}

const MANIFEST = /\.(ya?ml|json)$/i;
const SYMLINK = "120000";
const SUBMODULE = "160000";

/** Whether a file of a manifest layer holds objects; others are left alone. */
export function isManifestFile(path: string): boolean {
  return MANIFEST.test(path);
}

/**
 * Renders one layer from its files: pure, the same bytes give the same objects. Objects come in the order of the
 * files' paths, then of the documents. Files that are no YAML or JSON are left alone.
 */
export function renderLayer(
  profile: string,
  layer: Layer,
  files: readonly LayerSource[],
  defaults: { readonly layerTimeout: string },
): RenderedLayer {
  if (layer.type !== "manifest") {
    const message = `layer "${layer.name}" is of type ${layer.type}, which this version of Strata cannot render`;
    return {
      layer: undefined,
      problems: [{ code: "layer-type-unsupported", message, hint: "render it to manifests for now" }],
    };
  }
  const problems: Problem[] = [];
  const objects: DesiredObject[] = [];
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const refused = refusedMode(file);
    if (refused !== undefined) problems.push(refused);
    else if (isManifestFile(file.path)) {
      const read = readManifests(file.data, { file: file.path });
      problems.push(...read.problems);
      for (const { object, line, column } of read.manifests)
        objects.push({ object, place: { file: file.path, line, column } });
    }
  }
  if (problems.some((problem) => problem.severity !== "warning")) return { layer: undefined, problems };
  const timeoutSeconds = durationSeconds(layer.timeout ?? defaults.layerTimeout);
  const { name, type, ignore } = layer;
  const ignores = ignore === undefined ? {} : { ignore };
  return { layer: { profile, name, type, timeoutSeconds, objects, ...ignores }, problems };
}

function refusedMode(file: LayerSource): Problem | undefined {
  if (file.mode !== SYMLINK && file.mode !== SUBMODULE) return undefined;
  const what = file.mode === SYMLINK ? "a symbolic link" : "a submodule";
  return {
    code: "path-refused",
    message: `${what} is not followed in a layer`,
    file: file.path,
    hint: "commit the file itself",
  };
}
