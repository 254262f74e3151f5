import { createHash } from "node:crypto";
import { schemasAmong } from "../merge/index.ts";
import { canonicalJson } from "../model/canonical-json.ts";
import type { Desired, DesiredLayer } from "../model/desired.ts";
import type { Problem } from "../model/errors.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { findDuplicates } from "../render/duplicates.ts";
import { markIgnored } from "../render/ignore-in-layer.ts";
import { overrideLayer } from "../render/override-layer.ts";
import type { Approval } from "../repo/locks/approvals.ts";
import { overridesDir } from "../repo/paths.ts";
import { remember } from "../repo/remember.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { StateReader } from "../repo/state.ts";
import { type MergedProfile, mergeProfile, orphanProblems } from "./merge-profile.ts";
import { NO_OVERRIDES, type ProfileOverrides, readOverrides } from "./read-overrides.ts";
import { type RenderDefaults, type RenderedProfile, renderProfile } from "./render-profile.ts";

export interface RenderedCluster {
  /** In install order; undefined where anything failed to render. */
  readonly steps: Desired["steps"] | undefined;
  readonly problems: readonly Problem[];
}

/** Renders profile trees and remembers what it rendered: the same tree is read and parsed once. */
export interface Renderer {
  /** A profile without overrides. */
  readonly profile: (name: string, tree: string, defaults: RenderDefaults) => Promise<RenderedProfile>;
  /** Equal exactly where two trees of a profile render the same objects in the same layers; undefined where one does not render. */
  readonly digest: (name: string, tree: string, defaults: RenderDefaults) => Promise<string | undefined>;
  /** What a cluster overrides in a profile, merged with a tree of it. */
  readonly merge: (
    entry: ClusterEntry,
    profile: string,
    tree: string,
    defaults: RenderDefaults,
  ) => Promise<MergedProfile>;
  /** What a cluster overrides in a profile. */
  readonly overrides: (entry: ClusterEntry, profile: string) => Promise<ProfileOverrides>;
  /** All that a cluster runs, with its overrides. */
  readonly cluster: (
    entry: ClusterEntry,
    approvals: readonly Approval[],
    defaults: RenderDefaults,
  ) => Promise<RenderedCluster>;
}

/** How much is kept: for `profiles` and `merges` counted in objects, a few kilobytes each. */
const REMEMBERED = { profiles: 40_000, merges: 20_000, overrides: 1_024, digests: 8_192 };

export function createRenderer(reader: StateReader): Renderer {
  const keyOf = (name: string, tree: string, { layerTimeout }: RenderDefaults) =>
    `${name}:${tree}:${layerTimeout}`;
  const profile = remember(
    keyOf,
    (name: string, tree: string, defaults: RenderDefaults) => renderProfile(reader, name, tree, defaults),
    REMEMBERED.profiles,
    (rendered) => 1 + rendered.steps.flat().reduce((sum, { objects }) => sum + objects.length, 0),
  );
  const digest = remember(
    keyOf,
    async (name: string, tree: string, defaults: RenderDefaults) =>
      digestOf(await profile(name, tree, defaults)),
    REMEMBERED.digests,
  );
  const readTree = remember(
    (cluster: string, name: string, tree: string) => `${cluster}/${name}:${tree}`,
    (cluster, name, tree) => readOverrides(reader.git, { cluster, profile: name, tree }),
    REMEMBERED.overrides,
  );
  const overrides: Renderer["overrides"] = async (entry, name) => {
    const tree = entry.overrides.get(name);
    return tree === undefined ? NO_OVERRIDES : readTree(entry.name, name, tree);
  };
  /** The tree that the overrides were last merged with: `tree`, where that is not known. */
  const mergeBase = async (entry: ClusterEntry, name: string, tree: string): Promise<string> => {
    const locked = entry.lock.profiles[name];
    const merged = locked?.merged ?? locked?.tree ?? tree;
    return merged === tree || (await reader.git.readObject(merged))?.type === "tree" ? merged : tree;
  };
  const merge = remember(
    (entry: ClusterEntry, name: string, tree: string, { layerTimeout }: RenderDefaults) => {
      const { merged, tree: locked } = entry.lock.profiles[name] ?? {};
      return [entry.name, entry.overrides.get(name), name, tree, merged ?? locked, layerTimeout].join(":");
    },
    async (entry, name, tree, defaults) =>
      mergeProfile({
        base: await profile(name, await mergeBase(entry, name, tree), defaults),
        theirs: await profile(name, tree, defaults),
        overrides: await overrides(entry, name),
      }),
    REMEMBERED.merges,
    ({ layers }) => 1 + layers.reduce((sum, { base }) => sum + base.length, 0),
  );
  const renderer: Renderer = {
    profile,
    digest,
    merge,
    overrides,
    cluster: (entry, approvals, defaults) => renderCluster(renderer, entry, approvals, defaults),
  };
  return renderer;
}

async function renderCluster(
  renderer: Renderer,
  entry: ClusterEntry,
  approvals: readonly Approval[],
  defaults: RenderDefaults,
): Promise<RenderedCluster> {
  const parts = await Promise.all(
    approvals.map((approval) => renderAttached(renderer, entry, approval, defaults)),
  );
  const steps = parts.flatMap((part) => part.steps);
  const problems = [
    ...parts.flatMap((part) => part.problems),
    ...unattachedOverrides(entry),
    ...findDuplicates(steps.flat()),
  ];
  const broken = problems.some((problem) => problem.severity !== "warning");
  return { steps: broken ? undefined : steps, problems };
}

/** One profile of a cluster: as it was approved, with the overrides over it, which must all fit. */
async function renderAttached(
  renderer: Renderer,
  entry: ClusterEntry,
  { profile, version, tree }: Approval,
  defaults: RenderDefaults,
): Promise<Pick<RenderedProfile, "steps" | "problems">> {
  const rendered = await renderer.profile(profile, tree, defaults);
  const overrides = await renderer.overrides(entry, profile);
  if (overrides.layers.size === 0)
    return { steps: rendered.steps, problems: [...rendered.problems, ...overrides.problems] };
  const merged = await renderer.merge(entry, profile, tree, defaults);
  const schemaOf = schemasAmong(objectsOf(rendered));
  const problems: Problem[] = [
    ...rendered.problems,
    ...merged.problems,
    ...orphanProblems(merged.layers, `${profile}@${version}`, entry.name),
  ];
  const steps = rendered.steps.map((step) =>
    step.map((layer): DesiredLayer => {
      const override = overrides.layers.get(layer.name);
      return override === undefined ? layer : markIgnored(overrideLayer(layer, override, schemaOf), schemaOf);
    }),
  );
  return { steps, problems };
}

function unattachedOverrides(entry: ClusterEntry): Problem[] {
  const attached = new Set(entry.cluster?.spec.profiles.map(({ name }) => name));
  return [...entry.overrides.keys()]
    .filter((profile) => !attached.has(profile))
    .map((profile) => ({
      code: "override-unattached",
      message: `there are overrides of profile "${profile}", which the cluster does not have`,
      file: overridesDir(entry.name, profile),
      hint: "attach the profile, or remove the directory",
      severity: "error",
    }));
}

export function objectsOf({ steps }: Pick<RenderedProfile, "steps">): KubeObject[] {
  return steps.flat().flatMap((layer) => layer.objects.map(({ object }) => object));
}

function digestOf({ profile, steps, problems }: RenderedProfile): string | undefined {
  if (profile === undefined || problems.some(({ severity }) => severity !== "warning")) return undefined;
  const content = steps.map((step) =>
    step.map(({ name, type, timeoutSeconds, ignore = [], objects }) => ({
      name,
      type,
      timeoutSeconds,
      ignore,
      objects: objects.map(({ object }) => object),
    })),
  );
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}
