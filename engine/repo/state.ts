import { EngineError } from "../model/errors.ts";
import { createContentIds } from "./content-id.ts";
import type { Git, RefMap } from "./git/types.ts";
import { MAIN_REF } from "./paths.ts";
import { createSnapshotReader, EMPTY_SNAPSHOT, readProfileEntry, type Snapshot } from "./snapshot.ts";
import type { DeclaredProfile } from "./versions/plan-release.ts";
import { readVersions } from "./versions/read-versions.ts";
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
  readonly declaredVersion: (profile: string, tree: string) => Promise<string | undefined>;
  /** The state that `refs` describe. */
  readonly read: (refs: RefMap) => Promise<RepoState>;
  /** Main's content at any commit. */
  readonly snapshotAt: (commit: string) => Promise<Snapshot>;
}

export function createStateReader(git: Git): StateReader {
  const contentOf = createContentIds(git);
  const snapshotAt = createSnapshotReader(git);
  const declared = new Map<string, Promise<string | undefined>>();
  const declaredVersion = (profile: string, tree: string) => {
    const key = `${profile}:${tree}`;
    const known =
      declared.get(key) ?? readProfileEntry(git, profile, tree).then((entry) => entry.profile?.spec.version);
    declared.set(key, known);
    known.catch(() => declared.delete(key));
    return known;
  };
  const read = async (refs: RefMap): Promise<RepoState> => {
    const main = refs.get(MAIN_REF);
    if (main !== undefined && main.peeledType !== "commit") {
      throw new EngineError("main-not-a-commit", `${MAIN_REF} does not end in a commit`);
    }
    const [snapshot, versions] = await Promise.all([
      main === undefined ? EMPTY_SNAPSHOT : snapshotAt(main.peeled),
      readVersions({ git, contentOf, declaredVersion }, refs),
    ]);
    return { refs, main: main?.oid ?? null, snapshot, versions };
  };
  return { git, contentOf, declaredVersion, read, snapshotAt };
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
