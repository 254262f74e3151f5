import type { Problem } from "../model/errors.ts";
import { EngineError } from "../model/errors.ts";
import { profileDir } from "../repo/paths.ts";
import type { Repository } from "../repo/repository.ts";
import { requireRevision, requireVersion } from "../repo/actions/require.ts";
import type { RepoState } from "../repo/state.ts";
import { currentRevision, isDeleted, type Revision, versionState } from "../repo/versions/types.ts";

export interface VersionView {
  readonly version: string;
  readonly revision: number | null;
  readonly deleted: boolean;
  /** Where it is edited: main, its branch, or nowhere yet. */
  readonly place: string;
  readonly clusters: readonly string[];
}

export interface ProfileView {
  readonly name: string;
  readonly tags: readonly string[];
  readonly description: string;
  /** What main declares; null where main has no valid profile of this name. */
  readonly version: string | null;
  readonly type: string;
  readonly layers: readonly { readonly name: string; readonly type: string }[];
  readonly versions: readonly VersionView[];
  readonly problems: readonly Problem[];
}

/** All profiles, those that only their versions remember too, by name. */
export function listProfiles(state: RepoState): ProfileView[] {
  const names = new Set([...state.snapshot.profiles.keys(), ...state.versions.keys()]);
  return [...names].sort().map((name) => viewProfile(state, name));
}

/** One profile. Throws `profile-unknown`. */
export function showProfile(state: RepoState, name: string): ProfileView {
  if (state.snapshot.profiles.has(name) || state.versions.has(name)) return viewProfile(state, name);
  throw new EngineError("profile-unknown", `there is no profile "${name}"`, { hint: "`strata profile list` shows what there is" });
}

function viewProfile(state: RepoState, name: string): ProfileView {
  const entry = state.snapshot.profiles.get(name);
  const profile = entry?.profile;
  const users = (version: string) =>
    [...state.snapshot.clusters.values()]
      .filter(({ cluster }) => cluster?.spec.profiles.some((one) => one.name === name && one.version === version))
      .map((cluster) => cluster.name);
  const versions = [...(state.versions.get(name)?.values() ?? [])].map((one): VersionView => {
    const onMain = profile?.spec.version === one.version;
    const place = one.branch !== undefined ? one.branch.ref.slice("refs/heads/".length) : onMain ? "main" : "";
    return {
      version: one.version,
      revision: currentRevision(one)?.number ?? null,
      deleted: isDeleted(one),
      place,
      clusters: users(one.version),
    };
  });
  return {
    name,
    tags: profile?.metadata.tags ?? [],
    description: profile?.spec.description ?? "",
    version: profile?.spec.version ?? null,
    type: profile?.spec.type ?? "",
    layers: profile?.spec.layers.map(({ name: layer, type }) => ({ name: layer, type })) ?? [],
    versions,
    problems: [...(entry?.problems ?? []), ...[...(state.versions.get(name)?.values() ?? [])].flatMap((one) => one.problems)],
  };
}

export interface HistoryEntry {
  readonly profile: string;
  readonly version: string;
  readonly revision: number;
  readonly event: string;
  readonly source: string;
  readonly commit: string;
  readonly current: boolean;
  readonly author: string;
  /** ISO 8601. */
  readonly time: string;
  readonly message: string;
}

/** The log of one version, or of all versions of a profile, newest first. */
export function profileLog(state: RepoState, profile: string, version?: string): HistoryEntry[] {
  const versions = [...(state.versions.get(profile)?.values() ?? [])].filter((one) => version === undefined || one.version === version);
  if (versions.length === 0) {
    const what = version === undefined ? profile : `${profile}@${version}`;
    throw new EngineError("version-unknown", `nothing was ever released of ${what}`, { hint: "`strata profile list` shows what there is" });
  }
  return versions
    .flatMap((one) => one.revisions.map((revision) => historyEntry(profile, one.version, revision, currentRevision(one) === revision)))
    .sort((a, b) => (a.version === b.version ? b.revision - a.revision : b.time.localeCompare(a.time)));
}

function historyEntry(profile: string, version: string, revision: Revision, current: boolean): HistoryEntry {
  const { tagger } = revision;
  return {
    profile,
    version,
    revision: revision.number,
    event: revision.event,
    source: revision.source,
    commit: revision.commit,
    current,
    author: tagger === undefined ? "" : `${tagger.name} <${tagger.email}>`,
    time: new Date((tagger?.time ?? 0) * 1000).toISOString(),
    message: revision.message.split("\n")[0] ?? "",
  };
}

export interface VersionPoint {
  readonly profile: string;
  readonly version: string;
  readonly revision?: number | undefined;
}

/** The unified diff between two versions or revisions, paths as in the newer one. */
export async function diffVersions(repo: Repository, state: RepoState, from: VersionPoint, to: VersionPoint): Promise<string> {
  const wrap = async (point: VersionPoint) => {
    const found = requireVersionEvenDeleted(state, point);
    const tree = await repo.git.writeTree([{ mode: "040000", path: to.profile, oid: found.tree }]);
    return repo.git.writeTree([{ mode: "040000", path: "profiles", oid: tree }]);
  };
  return repo.git.patch(await wrap(from), await wrap(to), [profileDir(to.profile)]);
}

function requireVersionEvenDeleted(state: RepoState, point: VersionPoint): Revision {
  const known = versionState(state.versions, point.profile, point.version);
  if (known !== undefined && point.revision !== undefined) return requireRevision(known, point.revision);
  return requireVersion(state, point.profile, point.version).current;
}
