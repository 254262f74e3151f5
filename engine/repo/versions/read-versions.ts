import type { Problem } from "../../model/errors.ts";
import { nameProblem } from "../../model/names.ts";
import { compareVersions, versionProblem } from "../../model/version.ts";
import type { Git, RefInfo, RefMap } from "../git/types.ts";
import { parseRef, profileDir, type RefRole } from "../paths.ts";
import { decodeRevision } from "./revision-message.ts";
import type { ProfileContent, Revision, VersionIndex, VersionRef, VersionState } from "./types.ts";

interface Draft {
  readonly profile: string;
  readonly version: string;
  tag: VersionRef | undefined;
  branch: VersionRef | undefined;
  readonly revisions: Revision[];
  readonly problems: Problem[];
}

export interface VersionReader {
  readonly git: Git;
  /** Content id of a profile's tree. */
  readonly contentOf: (tree: string) => Promise<string>;
  /** The version that the `profile.yaml` in a profile's tree declares; undefined where it is invalid. */
  readonly declaredVersion: (profile: string, tree: string) => Promise<string | undefined>;
}

/** A ref of a version, and what it means. */
interface RoledRef {
  readonly ref: string;
  readonly info: RefInfo;
  readonly role: RefRole;
}

/**
 * A reader of all versions with their logs from refs. Whatever a ref holds that is no version of its profile is a
 * problem of that version, never an error: one bad tag must not stop the others. A version whose refs are as at the
 * reading before is the same object as there.
 */
export function createVersionReader(reader: VersionReader): (refs: RefMap) => Promise<VersionIndex> {
  let before = new Map<string, VersionState>();
  return async (refs) => {
    const known = new Map<string, VersionState>();
    const work = [...refsByVersion(refs).values()].map(async (roled) => {
      const key = roled.map(({ ref, info }) => `${ref} ${info.oid}`).join("\n");
      const state = before.get(key) ?? (await readVersion(reader, roled));
      known.set(key, state);
    });
    await Promise.all(work);
    before = known;
    return index([...known.values()]);
  };
}

function refsByVersion(refs: RefMap): ReadonlyMap<string, readonly RoledRef[]> {
  const versions = new Map<string, RoledRef[]>();
  for (const [ref, info] of refs) {
    const role = parseRef(ref);
    if (role === undefined) continue;
    if (nameProblem(role.profile) !== undefined || versionProblem(role.version) !== undefined) continue;
    const key = `${role.profile}@${role.version}`;
    const roled = versions.get(key) ?? [];
    roled.push({ ref, info, role });
    versions.set(key, roled);
  }
  return versions;
}

async function readVersion(reader: VersionReader, roled: readonly RoledRef[]): Promise<VersionState> {
  const [first] = roled;
  if (first === undefined) throw new Error("a version has at least one ref");
  const draft = emptyDraft(first.role);
  const work = roled.map(({ ref, info, role }) =>
    role.role === "revision"
      ? readRevision(reader, draft, role.number, ref, info)
      : readTip(reader, draft, role, ref, info),
  );
  await Promise.all(work);
  draft.revisions.sort((a, b) => a.number - b.number);
  return draft;
}

function emptyDraft(role: RefRole): Draft {
  return {
    profile: role.profile,
    version: role.version,
    tag: undefined,
    branch: undefined,
    revisions: [],
    problems: [],
  };
}

function index(states: readonly VersionState[]): VersionIndex {
  const profiles = new Map<string, Map<string, VersionState>>();
  const sorted = states.toSorted(
    (a, b) =>
      a.profile.localeCompare(b.profile) ||
      compareVersions(a.version, b.version) ||
      (a.version < b.version ? -1 : 1),
  );
  for (const state of sorted) {
    const versions = profiles.get(state.profile) ?? new Map<string, VersionState>();
    profiles.set(state.profile, versions.set(state.version, state));
  }
  return profiles;
}

async function readRevision(
  reader: VersionReader,
  draft: Draft,
  number: number,
  ref: string,
  info: RefInfo,
): Promise<void> {
  const content = await readContent(reader, draft.profile, info);
  if (typeof content === "string") {
    draft.problems.push(
      unusable(ref, content, "a revision is never changed: fetch it again from another clone"),
    );
    return;
  }
  const tag = info.type === "tag" ? await reader.git.readTag(info.oid) : undefined;
  const note = decodeRevision(tag?.message ?? "");
  draft.revisions.push({ ...content, ...note, number, ref, tagger: tag?.tagger });
}

async function readTip(
  reader: VersionReader,
  draft: Draft,
  role: RefRole,
  ref: string,
  info: RefInfo,
): Promise<void> {
  const content = await readContent(reader, draft.profile, info);
  if (typeof content === "string") {
    draft.problems.push(
      unusable(ref, content, `delete it or let it point at a commit that holds ${profileDir(draft.profile)}`),
    );
    return;
  }
  const declared = await reader.declaredVersion(draft.profile, content.tree);
  if (declared !== draft.version) {
    const message =
      declared === undefined ? "its profile.yaml is not valid" : `its profile.yaml declares ${declared}`;
    draft.problems.push(
      unusable(ref, message, `set spec.version to ${draft.version} there, or delete the ref`),
    );
    return;
  }
  const tip: VersionRef = { ...content, ref, oid: info.oid };
  if (role.role === "version") draft.tag = tip;
  else draft.branch = tip;
}

function unusable(ref: string, message: string, hint: string): Problem {
  return {
    code: "version-ref-unusable",
    object: ref,
    message: `${ref} is ignored: ${message}`,
    hint,
    severity: "warning",
  };
}

/** The profile's content at a ref, or why there is none. */
async function readContent(
  reader: VersionReader,
  profile: string,
  info: RefInfo,
): Promise<ProfileContent | string> {
  if (info.peeledType !== "commit") return `it ends in a ${info.peeledType}, not in a commit`;
  const entry = await reader.git.resolvePath(info.peeled, profileDir(profile));
  if (entry === undefined || entry.type !== "tree")
    return `its commit has no directory ${profileDir(profile)}`;
  return { commit: info.peeled, tree: entry.oid, content: await reader.contentOf(entry.oid) };
}
