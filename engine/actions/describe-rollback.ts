import type { FleetState } from "../fleet/fleet-state.ts";
import { type MergedProfile, orphanProblems } from "../fleet/merge-profile.ts";
import type { Problem } from "../model/errors.ts";
import type { LockEntry } from "../model/lock.ts";
import type { OverrideFate } from "../plan/describe-merge.ts";
import { describeRestored } from "../plan/describe-restored.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import { describeEntry, describeMove } from "./describe-entry.ts";
import type { Outcome } from "./outcomes.ts";

/** What becomes of each profile of a cluster, and of the overrides of it, where an earlier state takes its place. */
export async function describeRollback(
  fleet: FleetState,
  now: ClusterEntry,
  then: ClusterEntry,
): Promise<Outcome[]> {
  const profiles = new Set(
    [now, then].flatMap(({ lock, overrides }) => [...Object.keys(lock.profiles), ...overrides.keys()]),
  );
  const outcomes: Outcome[] = [];
  for (const profile of profiles) {
    const [before, after] = [now.lock.profiles[profile], then.lock.profiles[profile]];
    const overrides = [
      ...profileFate(before, after),
      ...(await restoredOverrides(fleet, profile, now, then)),
    ];
    if (overrides.length === 0 && before?.tree === after?.tree) continue;
    const title =
      after !== undefined
        ? describeMove(profile, before, after)
        : before === undefined
          ? profile
          : describeEntry(profile, before);
    outcomes.push({ cluster: now.name, profile, title, overrides });
  }
  return outcomes;
}

/** Warnings where an earlier state would not run: it has overrides of what its profiles do not have. */
export async function orphansAfter({ renderer, state }: FleetState, then: ClusterEntry): Promise<Problem[]> {
  const found = Object.entries(then.lock.profiles).map(async ([profile, { version, tree }]) => {
    if (!then.overrides.has(profile)) return [];
    const { layers } = await renderer.merge(then, profile, tree, state.snapshot.settings.spec);
    return orphanProblems(layers, `${profile}@${version}`, then.name);
  });
  return (await Promise.all(found)).flat().map((problem) => ({ ...problem, severity: "warning" }));
}

function profileFate(before: LockEntry | undefined, after: LockEntry | undefined): OverrideFate[] {
  if (after === undefined && before !== undefined)
    return [{ state: "gone", text: "the profile goes, and what it runs leaves the cluster" }];
  return before === undefined && after !== undefined
    ? [{ state: "returned", text: "the profile comes back" }]
    : [];
}

/** What becomes of a cluster's overrides of a profile. */
async function restoredOverrides(
  fleet: FleetState,
  profile: string,
  now: ClusterEntry,
  then: ClusterEntry,
): Promise<OverrideFate[]> {
  if (now.overrides.get(profile) === then.overrides.get(profile)) return [];
  const [present, wanted] = [
    await mergedOverrides(fleet, profile, now),
    await mergedOverrides(fleet, profile, then),
  ];
  const unread = [...present.problems, ...wanted.problems].map(
    ({ message, file }): OverrideFate => ({
      state: "unread",
      text: `an override cannot be read: ${message} (${file ?? profile})`,
    }),
  );
  const [before, after] = [present, wanted].map(({ layers }) => layers.flatMap(({ paths }) => paths));
  return [...unread, ...describeRestored(before ?? [], after ?? [])];
}

async function mergedOverrides(
  { reader, renderer, state }: FleetState,
  profile: string,
  entry: ClusterEntry,
): Promise<Pick<MergedProfile, "layers" | "problems">> {
  const tree = entry.lock.profiles[profile]?.tree;
  // What a lock names by hand need not be there
  const isThere = tree !== undefined && (await reader.git.readObject(tree))?.type === "tree";
  if (!isThere || !entry.overrides.has(profile)) return { layers: [], problems: [] };
  return renderer.merge(entry, profile, tree, state.snapshot.settings.spec);
}
