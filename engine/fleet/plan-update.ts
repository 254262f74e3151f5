import { schemasAmong } from "../merge/index.ts";
import type { Problem } from "../model/errors.ts";
import type { Json } from "../model/kube-object.ts";
import { fittingOverride, type LayerSide, type PlanInput, type PlanLayerInput } from "../plan/make-plan.ts";
import { isManifestFile } from "../render/render-layer.ts";
import type { Approval } from "../repo/locks/approvals.ts";
import { unmergedEntry } from "../repo/locks/fill-locks.ts";
import { profileDir } from "../repo/paths.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { FleetState } from "./fleet-state.ts";
import { objectsOf } from "./render-cluster.ts";
import { readLayerFiles, type RenderedProfile } from "./render-profile.ts";

/** The content that an update brings. */
export interface UpdateTarget {
  readonly version: string;
  readonly revision: number | null;
  readonly tree: string;
}

/** Gathers what a plan is made from: what a cluster runs of a profile as approved, and what it would run. */
export async function gatherPlan(
  fleet: FleetState,
  entry: ClusterEntry,
  approval: Approval,
  target: UpdateTarget,
): Promise<PlanInput> {
  const { renderer, state } = fleet;
  const { profile, tree } = approval;
  const defaults = state.snapshot.settings.spec;
  const [base, next, overrides, merged] = await Promise.all([
    renderer.profile(profile, tree, defaults),
    renderer.profile(profile, target.tree, defaults),
    renderer.overrides(entry, profile),
    renderer.merge(await withEntryOf(fleet, entry, approval), profile, target.tree, defaults),
  ]);
  const types = new Map([...typesOf(base), ...typesOf(next)]);
  const names = new Set([...typesOf(next).keys(), ...types.keys(), ...overrides.layers.keys()]);
  const schemaOf = schemasAmong([...objectsOf(base), ...objectsOf(next)]);
  const layers = [...names].map(async (name): Promise<PlanLayerInput> => {
    const override = overrides.layers.get(name)?.documents.map(({ object }) => object) ?? [];
    const { paths = [], base: mergeBase = [] } = merged.layers.find(({ layer }) => layer === name) ?? {};
    return {
      name,
      type: types.get(name) ?? "",
      mergeBase,
      base: await sideOf(fleet, base, { profile, tree, layer: name }),
      target: await sideOf(fleet, next, { profile, tree: target.tree, layer: name }),
      override,
      merged: paths,
      fitting: fittingOverride(override, paths, schemaOf),
    };
  });
  return {
    cluster: entry.name,
    profile,
    version: target.version,
    from: { version: approval.version, revision: approval.revision?.number ?? null, tree },
    to: { revision: target.revision, tree: target.tree },
    spec: specOf(entry),
    layers: await Promise.all(layers),
    schemaOf,
    problems: errorsOf([...next.problems, ...merged.problems]),
  };
}

/** The cluster with a lock entry that says what its overrides were last merged with, where it has none yet. */
async function withEntryOf(
  { reader, state }: FleetState,
  entry: ClusterEntry,
  approval: Approval,
): Promise<ClusterEntry> {
  if (entry.lock.profiles[approval.profile] !== undefined) return entry;
  const locked = await unmergedEntry(reader, state, entry, approval);
  return { ...entry, lock: { profiles: { ...entry.lock.profiles, [approval.profile]: locked } } };
}

function typesOf({ profile }: RenderedProfile): Map<string, string> {
  return new Map((profile?.spec.layers ?? []).map(({ name, type }) => [name, type]));
}

/** The texts of a layer and what they render; undefined where the profile does not have it, or it does not render. */
async function sideOf(
  { reader }: FleetState,
  { steps }: RenderedProfile,
  place: { readonly profile: string; readonly tree: string; readonly layer: string },
): Promise<LayerSide | undefined> {
  const rendered = steps.flat().find(({ name }) => name === place.layer);
  if (rendered === undefined) return undefined;
  const directory = `${profileDir(place.profile)}/${place.layer}/`;
  const files = (await readLayerFiles(reader, place)) ?? [];
  return {
    files: files
      .filter(({ path }) => isManifestFile(path))
      .map(({ path, data }) => ({
        path: path.slice(directory.length),
        text: Buffer.from(data).toString("utf8"),
      }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    objects: rendered.objects.map(({ object }) => object),
    places: rendered.objects.map(({ place }) => place),
    ...(rendered.ignore === undefined ? {} : { ignore: rendered.ignore }),
  };
}

function specOf({ cluster }: ClusterEntry): Json {
  const { connection: _connection, ...spec } = cluster?.spec ?? { connection: undefined };
  // What was parsed from YAML is JSON
  return spec as unknown as Json;
}

function errorsOf(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ severity }) => severity !== "warning");
}
