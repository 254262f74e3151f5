import type { Problem } from "../../model/errors.ts";

export type RevisionEvent = "released" | "deleted" | "restored";

/** Who made something and when (seconds since the epoch, minutes west of UTC as Git stores them). */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly time: number;
  readonly zone: number;
}

/** A state of a profile's directory: the commit that holds it, its tree id and its content id. */
export interface ProfileContent {
  readonly commit: string;
  /** Git id of the directory `profiles/<profile>/`. */
  readonly tree: string;
  /** Equal for trees that differ only in `metadata.tags` and `spec.description`. */
  readonly content: string;
}

/** One entry of a version's log. */
export interface Revision extends ProfileContent {
  readonly number: number;
  readonly ref: string;
  /** Where it came from: `refs/heads/main`, `refs/heads/versions/…`, `tag` or `lock`. */
  readonly source: string;
  readonly event: RevisionEvent;
  readonly message: string;
  readonly tagger: Signature | undefined;
}

/** A ref that holds a version: its tag or its branch. `oid` is the raw value of the ref, for compare-and-swap. */
export interface VersionRef extends ProfileContent {
  readonly ref: string;
  readonly oid: string;
}

/** All that refs say of one version of a profile. */
export interface VersionState {
  readonly profile: string;
  readonly version: string;
  readonly tag: VersionRef | undefined;
  readonly branch: VersionRef | undefined;
  /** By number, ascending. */
  readonly revisions: readonly Revision[];
  /** Refs that are no use: a tag that ends in no commit, or whose content names another version. */
  readonly problems: readonly Problem[];
}

/** Versions of all profiles, by profile, then by version. */
export type VersionIndex = ReadonlyMap<string, ReadonlyMap<string, VersionState>>;

/** The last revision that moved the version's tag: the newest that no lock made. */
export function lastMoving(state: VersionState | undefined): Revision | undefined {
  return state?.revisions.findLast((revision) => revision.source !== "lock");
}

/** Whether the version's log ends with its deletion. */
export function isDeleted(state: VersionState | undefined): boolean {
  return lastMoving(state)?.event === "deleted";
}

/** The current revision: the one the version's tag stands for; undefined for a deleted or unknown version. */
export function currentRevision(state: VersionState | undefined): Revision | undefined {
  if (state?.tag === undefined) return undefined;
  const last = lastMoving(state);
  return last === undefined || last.event === "deleted" ? undefined : last;
}

export function versionState(
  index: VersionIndex,
  profile: string,
  version: string,
): VersionState | undefined {
  return index.get(profile)?.get(version);
}
