import { profileHistory } from "./history.ts";
import { profileDir } from "./paths.ts";
import { declaredProfiles, type RepoState, type StateReader } from "./state.ts";
import { encodeRevision } from "./versions/revision-message.ts";
import {
  type DeclaredProfile,
  type LockedContent,
  type NewRevision,
  planRelease,
  profilesNeedingHistory,
  type ReleasePlan,
} from "./versions/plan-release.ts";
import { type Signature, versionState } from "./versions/types.ts";
import type { RefUpdate } from "./git/types.ts";

export interface ReleaseScope {
  /** Only these profiles; all where it is missing. */
  readonly profiles?: ReadonlySet<string>;
  readonly insist?: ReadonlySet<string>;
}

/** Gathers what *release on push* must know of a state, and plans one pass of it. */
export async function computeRelease(
  reader: StateReader,
  state: RepoState,
  scope: ReleaseScope = {},
): Promise<ReleasePlan> {
  const inScope = (profile: string) => scope.profiles?.has(profile) ?? true;
  const main = (await declaredProfiles(reader, state.snapshot)).filter((profile) => inScope(profile.name));
  const versions = new Map([...state.versions].filter(([profile]) => inScope(profile)));
  const mainHistory = new Map<string, ReadonlySet<string>>();
  for (const profile of profilesNeedingHistory(main, versions)) {
    if (state.snapshot.commit === null) continue;
    const history = await profileHistory(reader, state.snapshot.commit, profile);
    mainHistory.set(profile, new Set(history.map((content) => content.content)));
  }
  const locks = await lockedContents(reader, state, main, inScope);
  return planRelease({
    main,
    versions,
    locks,
    mainHistory,
    ...(scope.insist === undefined ? {} : { insist: scope.insist }),
  });
}

/** Locked trees that no revision and no tip holds, but main's history does. */
async function lockedContents(
  reader: StateReader,
  state: RepoState,
  main: readonly DeclaredProfile[],
  inScope: (profile: string) => boolean,
): Promise<LockedContent[]> {
  const found: LockedContent[] = [];
  const asked = new Set<string>();
  for (const cluster of state.snapshot.clusters.values()) {
    for (const [profile, entry] of Object.entries(cluster.lock.profiles)) {
      const key = `${profile}@${entry.version}:${entry.tree}`;
      if (!inScope(profile) || asked.has(key)) continue;
      asked.add(key);
      if (isTip(main, profile, entry.version, entry.tree)) continue;
      const revisions = versionState(state.versions, profile, entry.version)?.revisions ?? [];
      if (revisions.some((revision) => revision.tree === entry.tree)) continue;
      const held = await findInHistory(reader, state, profile, entry.tree);
      if (held === undefined || (await reader.declaredVersion(profile, entry.tree)) !== entry.version)
        continue;
      found.push({ ...held, profile, version: entry.version });
    }
  }
  return found;
}

function isTip(main: readonly DeclaredProfile[], profile: string, version: string, tree: string): boolean {
  return main.some((tip) => tip.name === profile && tip.version === version && tip.tree === tree);
}

async function findInHistory(reader: StateReader, state: RepoState, profile: string, tree: string) {
  if (state.snapshot.commit === null) return undefined;
  const history = await profileHistory(reader, state.snapshot.commit, profile);
  return history.find((content) => content.tree === tree);
}

/**
 * Writes the tag objects of new revisions and returns the ref updates that make them, the version tags included: one
 * for each, also where a version gets several revisions at once.
 */
export async function writeRevisions(
  reader: StateReader,
  revisions: readonly NewRevision[],
  now: Date,
  fallback: { readonly name: string; readonly email: string },
): Promise<RefUpdate[]> {
  const updates: RefUpdate[] = [];
  const versionTags = new Map<string, RefUpdate>();
  for (const revision of revisions) {
    const origin = await lastChange(reader, revision);
    const tagger: Signature = {
      name: origin?.author.name ?? fallback.name,
      email: origin?.author.email ?? fallback.email,
      time: Math.floor(now.getTime() / 1000),
      zone: 0,
    };
    const message = encodeRevision({
      source: revision.source,
      event: revision.event,
      message: origin?.message ?? "",
    });
    const name = revision.ref.slice("refs/tags/".length);
    const tag = await reader.git.writeTag({ object: revision.commit, type: "commit", name, tagger, message });
    updates.push({ ref: revision.ref, from: null, to: tag });
    if (revision.tag === undefined) continue;
    const { ref, from, moves } = revision.tag;
    versionTags.set(ref, { ref, from, to: moves ? revision.commit : from });
  }
  return [...updates, ...versionTags.values()];
}

async function lastChange(reader: StateReader, revision: NewRevision) {
  const paths = [profileDir(revision.profile)];
  const [commit] = await reader.git.log({ from: revision.commit, paths, firstParent: false, limit: 1 });
  return commit === undefined ? undefined : reader.git.readCommit(commit);
}
