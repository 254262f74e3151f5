import { EngineError } from "../model/errors.ts";
import { createContentIds } from "./content-id.ts";
import type { Git, RefMap } from "./git/types.ts";
import { createOrphanFinder, type Orphan } from "./orphans.ts";
import { MAIN_REF } from "./paths.ts";
import { remember } from "./remember.ts";
import {
  createSnapshotReader,
  EMPTY_SNAPSHOT,
  type ProfileEntry,
  readProfileEntry,
  type Snapshot,
} from "./snapshot.ts";
import type { DeclaredProfile } from "./versions/plan-release.ts";
import { createVersionReader } from "./versions/read-versions.ts";
import type { VersionIndex } from "./versions/types.ts";

/** All that the repository says at one moment: main's content and every version. Plans are made from it. */
export interface RepoState {
  readonly refs: RefMap;
  /** Raw value of main; null where it has no commit yet. */
  readonly main: string | null;
  readonly snapshot: Snapshot;
  readonly versions: VersionIndex;
}

/** Readers over one repository that remember what they parsed. */
export interface StateReader {
  readonly git: Git;
  readonly contentOf: (tree: string) => Promise<string>;
  /** A profile's directory by its tree id. */
  readonly profileAt: (profile: string, tree: string) => Promise<ProfileEntry>;
  readonly declaredVersion: (profile: string, tree: string) => Promise<string | undefined>;
  /** The state that `refs` describe. */
  readonly read: (refs: RefMap) => Promise<RepoState>;
  /** Main's content at any commit. */
  readonly snapshotAt: (commit: string) => Promise<Snapshot>;
  /** Clusters whose directories left main without a deletion. */
  readonly orphansOf: (snapshot: Snapshot) => Promise<readonly Orphan[]>;
}

const REMEMBERED_PROFILES = 16_384;

export function createStateReader(git: Git): StateReader {
  const contentOf = createContentIds(git);
  const snapshotAt = createSnapshotReader(git);
  const orphansOf = createOrphanFinder(git);
  const profileAt = remember(
    (profile: string, tree: string) => `${profile}:${tree}`,
    (profile, tree) => readProfileEntry(git, profile, tree),
    REMEMBERED_PROFILES,
  );
  const declaredVersion = async (profile: string, tree: string): Promise<string | undefined> =>
    (await profileAt(profile, tree)).profile?.spec.version;
  const readVersions = createVersionReader({ git, contentOf, declaredVersion });
  const read = async (refs: RefMap): Promise<RepoState> => {
    const main = refs.get(MAIN_REF);
    if (main !== undefined && main.peeledType !== "commit") {
      throw new EngineError("main-not-a-commit", `${MAIN_REF} does not end in a commit`);
    }
    const [snapshot, versions] = await Promise.all([
      main === undefined ? EMPTY_SNAPSHOT : snapshotAt(main.peeled),
      readVersions(refs),
    ]);
    return { refs, main: main?.oid ?? null, snapshot, versions };
  };
  return { git, contentOf, profileAt, declaredVersion, read, snapshotAt, orphansOf };
}

/** The valid profiles that main's tip declares. */
export async function declaredProfiles(reader: StateReader, snapshot: Snapshot): Promise<DeclaredProfile[]> {
  const commit = snapshot.commit;
  if (commit === null) return [];
  const valid = [...snapshot.profiles.values()].filter((entry) => entry.profile !== undefined);
  return Promise.all(
    valid.map(async (entry) => ({
      name: entry.name,
      version: entry.profile?.spec.version ?? "",
      commit,
      tree: entry.tree,
      content: await reader.contentOf(entry.tree),
    })),
  );
}
