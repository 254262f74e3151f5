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

/**
 * Reads from refs all versions with their logs. Whatever a ref holds that is no version of its profile is a problem
 * of that version, never an error: one bad tag must not stop the others.
 */
export async function readVersions(reader: VersionReader, refs: RefMap): Promise<VersionIndex> {
  const drafts = new Map<string, Draft>();
  const work: Promise<void>[] = [];
  for (const [ref, info] of refs) {
    const role = parseRef(ref);
    if (role === undefined) continue;
    if (nameProblem(role.profile) !== undefined || versionProblem(role.version) !== undefined) continue;
    const key = `${role.profile}@${role.version}`;
    const draft = drafts.get(key) ?? emptyDraft(role);
    drafts.set(key, draft);
    work.push(
      role.role === "revision"
        ? readRevision(reader, draft, role.number, ref, info)
        : readTip(reader, draft, role, ref, info),
    );
  }
  await Promise.all(work);
  return index([...drafts.values()]);
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

function index(drafts: readonly Draft[]): VersionIndex {
  const profiles = new Map<string, Map<string, VersionState>>();
  const sorted = drafts.toSorted(
    (a, b) =>
      a.profile.localeCompare(b.profile) ||
      compareVersions(a.version, b.version) ||
      (a.version < b.version ? -1 : 1),
  );
  for (const draft of sorted) {
    draft.revisions.sort((a, b) => a.number - b.number);
    const versions = profiles.get(draft.profile) ?? new Map<string, VersionState>();
    profiles.set(draft.profile, versions.set(draft.version, draft));
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
