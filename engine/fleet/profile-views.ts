import { EngineError } from "../model/errors.ts";
import { compareVersions } from "../model/version.ts";
import type { ProfileDetailView, ProfileView, RevisionView, VersionView } from "../model/view.ts";
import { listTree } from "../repo/cluster-files.ts";
import { requireVersion } from "../repo/require.ts";
import type { RepoState, StateReader } from "../repo/state.ts";
import { currentRevision, isDeleted, type Revision, type VersionState } from "../repo/versions/types.ts";

/** All profiles, those that only their versions remember too, by name. */
export function viewProfiles(state: RepoState): ProfileView[] {
  const names = new Set([...state.snapshot.profiles.keys(), ...state.versions.keys()]);
  return [...names].sort().map((name) => viewProfile(state, name));
}

/** One profile with the layers of a version, by default main's or the highest. Throws `profile-unknown`, `version-unknown`. */
export async function viewProfileDetail(
  reader: StateReader,
  state: RepoState,
  name: string,
  version: string | undefined,
): Promise<ProfileDetailView> {
  const view = viewProfile(state, requireKnown(state, name));
  const shown =
    version ??
    view.versions.find((one) => one.onMain)?.version ??
    view.versions.find((one) => one.revision !== null)?.version;
  if (shown === undefined) return { ...view, version: "", layers: [] };
  const { current } = requireVersion(state, name, shown);
  const entry = await reader.profileAt(name, current.tree);
  const children = await reader.git.readTree(current.tree);
  const layers = await Promise.all(
    (entry.profile?.spec.layers ?? []).map(async (layer) => {
      const tree = children.find((child) => child.path === layer.name && child.type === "tree");
      const files = tree === undefined ? [] : await listTree(reader.git, tree.oid);
      return { name: layer.name, type: layer.type, files: files.map((file) => file.path) };
    }),
  );
  return { ...view, version: shown, layers };
}

function requireKnown(state: RepoState, name: string): string {
  if (state.snapshot.profiles.has(name) || state.versions.has(name)) return name;
  throw new EngineError("profile-unknown", `there is no profile "${name}"`, {
    hint: "`strata profile list` shows what there is",
  });
}

function viewProfile(state: RepoState, name: string): ProfileView {
  const profile = state.snapshot.profiles.get(name)?.profile;
  const versions = [...(state.versions.get(name)?.values() ?? [])].map((one) =>
    viewVersion(state, one, profile?.spec.version),
  );
  return {
    name,
    tags: profile?.metadata.tags ?? [],
    type: profile?.spec.type ?? "",
    description: profile?.spec.description ?? "",
    versions: versions.sort((a, b) => compareVersions(b.version, a.version)),
  };
}

function viewVersion(state: RepoState, version: VersionState, onMain: string | undefined): VersionView {
  const users = [...state.snapshot.clusters.values()].filter(({ cluster }) =>
    cluster?.spec.profiles.some((one) => one.name === version.profile && one.version === version.version),
  );
  return {
    version: version.version,
    revision: currentRevision(version)?.number ?? null,
    deleted: isDeleted(version),
    onMain: onMain === version.version,
    branch: version.branch?.ref.slice("refs/heads/".length) ?? null,
    usedBy: users.map((cluster) => cluster.name),
  };
}

/** The log of one version, or of all versions of a profile: highest version first, newest revision first. Throws `version-unknown`. */
export function viewRevisions(state: RepoState, profile: string, version?: string): RevisionView[] {
  const versions = [...(state.versions.get(profile)?.values() ?? [])].filter(
    (one) => version === undefined || one.version === version,
  );
  if (versions.length === 0) {
    const what = version === undefined ? profile : `${profile}@${version}`;
    throw new EngineError("version-unknown", `nothing was ever released of ${what}`, {
      hint: "`strata profile list` shows what there is",
    });
  }
  return versions
    .toSorted((a, b) => compareVersions(b.version, a.version))
    .flatMap((one) => one.revisions.toReversed().map((revision) => viewRevision(state, one, revision)));
}

function viewRevision(state: RepoState, version: VersionState, revision: Revision): RevisionView {
  const { tagger } = revision;
  const lockedBy = [...state.snapshot.clusters.values()].filter(({ lock }) => {
    const entry = lock.profiles[version.profile];
    return entry?.version === version.version && entry.tree === revision.tree;
  });
  return {
    profile: version.profile,
    version: version.version,
    number: revision.number,
    event: revision.event,
    source: revision.source,
    commit: revision.commit,
    author: tagger === undefined ? "" : `${tagger.name} <${tagger.email}>`,
    time: new Date((tagger?.time ?? 0) * 1000).toISOString(),
    message: revision.message,
    current: currentRevision(version) === revision,
    lockedBy: lockedBy.map((cluster) => cluster.name),
  };
}
