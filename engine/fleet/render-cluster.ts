import type { Desired, DesiredLayer } from "../model/desired.ts";
import type { Problem } from "../model/errors.ts";
import { layerSteps, type Layer, type Profile } from "../model/profile.ts";
import { findDuplicates } from "../render/duplicates.ts";
import { type LayerSource, renderLayer, type RenderedLayer } from "../render/render-layer.ts";
import { listTree } from "../repo/cluster-files.ts";
import type { Approval } from "../repo/locks/approvals.ts";
import { profileDir } from "../repo/paths.ts";
import { type ClusterEntry, readProfileEntry } from "../repo/snapshot.ts";
import type { StateReader } from "../repo/state.ts";

export interface RenderedProfile {
  readonly profile: Profile | undefined;
  readonly steps: readonly (readonly DesiredLayer[])[];
  readonly problems: readonly Problem[];
}

export interface RenderedCluster {
  /** In install order; undefined where anything failed to render. */
  readonly steps: Desired["steps"] | undefined;
  readonly problems: readonly Problem[];
}

export interface RenderDefaults {
  readonly layerTimeout: string;
}

/** Renders profile trees and remembers what it rendered: the same tree is read and parsed once. */
export interface Renderer {
  readonly profile: (name: string, tree: string, defaults: RenderDefaults) => Promise<RenderedProfile>;
  readonly cluster: (
    entry: ClusterEntry,
    approvals: readonly Approval[],
    defaults: RenderDefaults,
  ) => Promise<RenderedCluster>;
}

const REMEMBERED = 256;

export function createRenderer(reader: StateReader): Renderer {
  const rendered = new Map<string, Promise<RenderedProfile>>();
  const profile: Renderer["profile"] = (name, tree, defaults) => {
    const key = `${name}:${tree}:${defaults.layerTimeout}`;
    const known = rendered.get(key) ?? renderProfile(reader, name, tree, defaults);
    rendered.delete(key);
    rendered.set(key, known);
    known.catch(() => rendered.delete(key));
    if (rendered.size > REMEMBERED)
      for (const oldest of [...rendered.keys()].slice(0, rendered.size - REMEMBERED)) rendered.delete(oldest);
    return known;
  };
  const cluster: Renderer["cluster"] = async (entry, approvals, defaults) => {
    const parts = await Promise.all(
      approvals.map((approval) => profile(approval.profile, approval.tree, defaults)),
    );
    const steps = parts.flatMap((part) => part.steps);
    const problems = [
      ...parts.flatMap((part) => part.problems),
      ...overridesProblem(entry),
      ...findDuplicates(steps.flat()),
    ];
    const broken = problems.some((problem) => problem.severity !== "warning");
    return { steps: broken ? undefined : steps, problems };
  };
  return { profile, cluster };
}

/** Overrides must never be passed over in silence: a cluster that has some is not synced without them. */
function overridesProblem(entry: ClusterEntry): Problem[] {
  if (!entry.hasOverrides) return [];
  const message = "this version of Strata cannot apply overrides, and will not run the cluster without them";
  return [
    { code: "overrides-unsupported", message, file: `clusters/${entry.name}/overrides`, severity: "error" },
  ];
}

async function renderProfile(
  reader: StateReader,
  name: string,
  tree: string,
  defaults: RenderDefaults,
): Promise<RenderedProfile> {
  const entry = await readProfileEntry(reader.git, name, tree);
  if (entry.profile === undefined) return { profile: undefined, steps: [], problems: entry.problems };
  const problems: Problem[] = [];
  const steps: DesiredLayer[][] = [];
  for (const step of layerSteps(entry.profile.spec.layers)) {
    const layers = await Promise.all(step.map((layer) => renderOne(reader, name, tree, layer, defaults)));
    problems.push(...layers.flatMap((layer) => layer.problems));
    steps.push(layers.flatMap(({ layer }) => (layer === undefined ? [] : [layer])));
  }
  return { profile: entry.profile, steps, problems };
}

async function renderOne(
  reader: StateReader,
  profile: string,
  tree: string,
  layer: Layer,
  defaults: RenderDefaults,
): Promise<RenderedLayer> {
  const directory = `${profileDir(profile)}/${layer.name}`;
  const child = (await reader.git.readTree(tree)).find((candidate) => candidate.path === layer.name);
  if (child?.type !== "tree") {
    const message = `the directory of layer "${layer.name}" is missing`;
    const problem = {
      code: "layer-missing",
      message,
      file: directory,
      hint: "add its files, or remove the layer from profile.yaml",
    };
    return { layer: undefined, problems: [problem] };
  }
  const files = await Promise.all(
    (await listTree(reader.git, child.oid)).map(async (file): Promise<LayerSource> => {
      const readable = file.mode.startsWith("100");
      return {
        path: `${directory}/${file.path}`,
        mode: file.mode,
        data: readable ? await reader.git.readBlob(file.oid) : new Uint8Array(),
      };
    }),
  );
  return renderLayer(profile, layer, files, defaults);
}
