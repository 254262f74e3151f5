import pLimit from "p-limit";
import type { z } from "zod";
import { Cluster } from "../model/cluster.ts";
import type { Problem } from "../model/errors.ts";
import { Lock } from "../model/lock.ts";
import { nameProblem } from "../model/names.ts";
import { Profile } from "../model/profile.ts";
import { DEFAULT_SETTINGS, Settings } from "../model/settings.ts";
import type { Git, TreeEntry } from "./git/types.ts";
import { type Parsed, parseKind } from "./parse-kind.ts";
import { readFile } from "./read-file.ts";
import { Recent } from "./recent.ts";
import {
  clusterDir,
  clusterFile,
  lockFile,
  overridesDir,
  profileDir,
  profileFile,
  SETTINGS_FILE,
} from "./paths.ts";

/** A profile's directory at one commit. `profile` is undefined where its file is missing or wrong. */
export interface ProfileEntry {
  readonly name: string;
  readonly tree: string;
  readonly profile: Profile | undefined;
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** A cluster's directory at one commit. */
export interface ClusterEntry {
  readonly name: string;
  readonly tree: string;
  readonly cluster: Cluster | undefined;
  readonly text: string;
  /** An empty lock where the file is missing. */
  readonly lock: Lock;
  readonly lockText: string | undefined;
  /** Git trees of what it overrides, by profile. */
  readonly overrides: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

/** Everything that main says at one commit. */
export interface Snapshot {
  /** Null for an unborn main. */
  readonly commit: string | null;
  readonly tree: string | null;
  readonly settings: Settings;
  readonly profiles: ReadonlyMap<string, ProfileEntry>;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  /** Problems of the repository itself; those of profiles and clusters stand with them. */
  readonly problems: readonly Problem[];
}

export const EMPTY_SNAPSHOT: Snapshot = {
  commit: null,
  tree: null,
  settings: DEFAULT_SETTINGS,
  profiles: new Map(),
  clusters: new Map(),
  problems: [],
};

/**
 * A reader of snapshots that parses a directory once: entries whose tree is that of the snapshot before are
 * taken over, so that a commit costs what it changed.
 */
export function createSnapshotReader(git: Git): (commit: string) => Promise<Snapshot> {
  let before: Snapshot = EMPTY_SNAPSHOT;
  const locks: KnownLocks = new Recent(REMEMBERED_LOCKS);
  return async (commit) => {
    if (before.commit === commit) return before;
    const snapshot = await readSnapshot(git, commit, before, locks);
    before = snapshot;
    return snapshot;
  };
}

/** Locks by their text: clusters that run the same have the same. */
type KnownLocks = Recent<Lock>;
const REMEMBERED_LOCKS = 4_096;

async function readSnapshot(
  git: Git,
  commit: string,
  before: Snapshot,
  locks: KnownLocks,
): Promise<Snapshot> {
  const { tree } = await git.readCommit(commit);
  if (tree === before.tree) return { ...before, commit };
  const root = await git.readTree(tree);
  const [settings, profiles, clusters] = await Promise.all([
    readSettings(git, root),
    readDirectories(git, root, "profiles", before.profiles, readProfileEntry),
    readDirectories(git, root, "clusters", before.clusters, (...where) => readClusterEntry(...where, locks)),
  ]);
  const problems = [...settings.problems, ...profiles.problems, ...clusters.problems];
  return {
    commit,
    tree,
    settings: settings.value ?? DEFAULT_SETTINGS,
    profiles: profiles.entries,
    clusters: clusters.entries,
    problems,
  };
}

async function readSettings(git: Git, root: readonly TreeEntry[]): Promise<Parsed<Settings>> {
  const entry = root.find((candidate) => candidate.path === SETTINGS_FILE);
  if (entry === undefined) return { value: DEFAULT_SETTINGS, problems: [] };
  const data = await readFile(git, entry, SETTINGS_FILE);
  return isProblem(data) ? { value: undefined, problems: [data] } : parseKind(data, SETTINGS_FILE, Settings);
}

/** Directories that are on their way at a time: enough to keep Git busy, few enough for little memory. */
const READ_AT_A_TIME = 64;

type ReadEntry<E> = (git: Git, name: string, tree: string) => Promise<E>;

async function readDirectories<E extends { readonly tree: string }>(
  git: Git,
  root: readonly TreeEntry[],
  folder: "profiles" | "clusters",
  before: ReadonlyMap<string, E>,
  readEntry: ReadEntry<E>,
): Promise<{ entries: Map<string, E>; problems: Problem[] }> {
  const top = root.find((entry) => entry.path === folder);
  if (top !== undefined && top.type !== "tree") return { entries: new Map(), problems: [noFolder(folder)] };
  const problems: Problem[] = [];
  const directories: TreeEntry[] = [];
  for (const entry of top === undefined ? [] : await git.readTree(top.oid)) {
    const file = `${folder}/${entry.path}`;
    const message = entry.type === "tree" ? nameProblem(entry.path) : undefined;
    if (entry.mode === "120000" || entry.mode === "160000") {
      const what = entry.mode === "120000" ? "a symbolic link" : "a submodule";
      problems.push({
        code: "path-refused",
        message: `${what} is not followed`,
        file,
        hint: "commit the files themselves",
      });
    } else if (message !== undefined)
      problems.push({ code: "name-invalid", message, file, hint: "rename the directory" });
    else if (entry.type === "tree") directories.push(entry);
  }
  const limit = pLimit(READ_AT_A_TIME);
  const read = directories.map(async ({ path, oid }): Promise<[string, E]> => {
    const known = before.get(path);
    return [path, known?.tree === oid ? known : await limit(readEntry, git, path, oid)];
  });
  return { entries: new Map(await Promise.all(read)), problems };
}

function noFolder(folder: string): Problem {
  const message = "a file, a link or a submodule stands where a directory should";
  return { code: "path-refused", message, file: folder, hint: "make it a directory" };
}

/** Reads a profile's directory by its tree id. */
export async function readProfileEntry(git: Git, name: string, tree: string): Promise<ProfileEntry> {
  const file = profileFile(name);
  const { text, parsed } = await readKind(git, await git.readTree(tree), file, Profile);
  if (parsed === undefined) {
    const problem = { code: "file-missing", message: "profile.yaml is missing", file: profileDir(name) };
    return { name, tree, profile: undefined, text: "", problems: [problem] };
  }
  const problems = [...parsed.problems, ...nameMismatch(parsed.value?.metadata.name, name, file)];
  return { name, tree, profile: problems.length > 0 ? undefined : parsed.value, text: text ?? "", problems };
}

/** Reads a cluster's directory by its tree id. */
export async function readClusterEntry(
  git: Git,
  name: string,
  tree: string,
  locks?: KnownLocks,
): Promise<ClusterEntry> {
  const entries = await git.readTree(tree);
  const file = clusterFile(name);
  const [{ text, parsed }, lock, overrides] = await Promise.all([
    readKind(git, entries, file, Cluster),
    readOne(git, entries, lockFile(name), (data, file) => readLock(data, file, locks)),
    readOverrideTrees(
      git,
      name,
      entries.find((entry) => entry.path === "overrides"),
    ),
  ]);
  const problems: Problem[] = [];
  let cluster: Cluster | undefined;
  if (parsed === undefined)
    problems.push({ code: "file-missing", message: "cluster.yaml is missing", file: clusterDir(name) });
  else {
    problems.push(...parsed.problems, ...nameMismatch(parsed.value?.metadata.name, name, file));
    cluster = problems.length > 0 ? undefined : parsed.value;
  }
  problems.push(...(lock.parsed?.problems ?? []), ...overrides.problems);
  return {
    name,
    tree,
    cluster,
    text: text ?? "",
    lock: lock.parsed?.value ?? { profiles: {} },
    lockText: lock.text,
    overrides: overrides.trees,
    problems,
  };
}

function readLock(data: Buffer, file: string, locks: KnownLocks | undefined): Parsed<Lock> {
  const text = data.toString("latin1");
  const known = locks?.get(text);
  if (known !== undefined) return { value: known, problems: [] };
  const parsed = parseKind(data, file, Lock);
  if (parsed.value !== undefined && parsed.problems.length === 0) locks?.set(text, parsed.value);
  return parsed;
}

async function readOverrideTrees(
  git: Git,
  cluster: string,
  top: TreeEntry | undefined,
): Promise<{ trees: Map<string, string>; problems: Problem[] }> {
  const trees = new Map<string, string>();
  const problems: Problem[] = [];
  const children = top?.type === "tree" ? await git.readTree(top.oid) : [];
  for (const entry of top === undefined || top.type === "tree" ? children : [top]) {
    if (entry.type === "tree") trees.set(entry.path, entry.oid);
    else {
      const file = top === entry ? overridesDir(cluster) : overridesDir(cluster, entry.path);
      problems.push({
        code: "override-misplaced",
        message: "an override stands in overrides/<profile>/<layer>.yaml",
        file,
        hint: "move it there, or remove it",
      });
    }
  }
  return { trees, problems };
}

function nameMismatch(declared: string | undefined, directory: string, file: string): Problem[] {
  if (declared === undefined || declared === directory) return [];
  const message = `metadata.name is "${declared}", but the directory is "${directory}"`;
  return [{ code: "name-mismatch", message, file, object: "metadata.name", hint: "make them agree" }];
}

/** A file of one kind among the entries of its directory. */
function readKind<T>(
  git: Git,
  entries: readonly TreeEntry[],
  file: string,
  schema: z.ZodType<T>,
): Promise<ReadFile<T>> {
  return readOne(git, entries, file, (data) => parseKind(data, file, schema));
}

/** What a file holds: its text where it can be read, nothing where it is missing. */
interface ReadFile<T> {
  readonly text?: string;
  readonly parsed?: Parsed<T>;
}

async function readOne<T>(
  git: Git,
  entries: readonly TreeEntry[],
  file: string,
  parse: (data: Buffer, file: string) => Parsed<T>,
): Promise<ReadFile<T>> {
  const entry = entries.find(({ path }) => path === file.slice(file.lastIndexOf("/") + 1));
  if (entry === undefined) return {};
  const data = await readFile(git, entry, file);
  if (isProblem(data)) return { parsed: { value: undefined, problems: [data] } };
  return { text: data.toString("utf8"), parsed: parse(data, file) };
}

function isProblem(read: Buffer | Problem): read is Problem {
  return !Buffer.isBuffer(read);
}
