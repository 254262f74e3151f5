export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  readonly type: ObjectType;
  readonly data: Buffer;
}

export interface TreeEntry {
  /** As Git writes it: `100644`, `100755`, `120000`, `040000`, `160000`. */
  readonly mode: string;
  /** Name inside the tree. */
  readonly path: string;
  readonly oid: string;
  readonly type: "blob" | "tree" | "commit";
}

/** Who and when: seconds since the epoch, minutes west of UTC. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly time: number;
  readonly zone: number;
}

export interface Commit {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export interface AnnotatedTag {
  readonly object: string;
  readonly type: ObjectType;
  readonly name: string;
  readonly tagger: Signature | undefined;
  readonly message: string;
}

/** A ref: its raw value, and what remains when annotated tags are peeled off, nested ones too. */
export interface RefInfo {
  readonly oid: string;
  readonly type: ObjectType;
  readonly peeled: string;
  readonly peeledType: ObjectType;
}

/** Refs by full name. */
export type RefMap = ReadonlyMap<string, RefInfo>;

/** One ref of a compare-and-swap: `from` is its raw value now, null where it must not exist; `to` null deletes it; equal values only check. */
export interface RefUpdate {
  readonly ref: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface LogOptions {
  readonly from: string;
  readonly paths: readonly string[];
  readonly firstParent: boolean;
  /** Also commits that side branches changed, merged or not. */
  readonly fullHistory?: boolean;
  /** Only commits that took a path away. */
  readonly removals?: boolean;
  readonly limit?: number;
}

export interface PathChange {
  readonly path: string;
  /** Undefined where the path is new or gone. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * One Git repository. Objects are read and written in process; refs, history and the network go through the system's
 * Git. Every method throws `EngineError`; `git-failed` carries Git's own words.
 */
export interface Git {
  /** The Git directory. */
  readonly dir: string;
  /** The work tree it was opened in; undefined for a bare repository. */
  readonly workTree: string | undefined;
  /** Name of the remote whose word counts; undefined where this repository is itself the place that people push to. */
  readonly remote: string | undefined;

  readObject(oid: string): Promise<GitObject | undefined>;
  readTree(oid: string): Promise<readonly TreeEntry[]>;
  readBlob(oid: string): Promise<Buffer>;
  readCommit(oid: string): Promise<Commit>;
  readTag(oid: string): Promise<AnnotatedTag>;
  /** The entry at a path below a commit or a tree. */
  resolvePath(root: string, path: string): Promise<TreeEntry | undefined>;

  writeTree(entries: readonly Omit<TreeEntry, "type">[]): Promise<string>;
  writeCommit(commit: Omit<Commit, "oid">): Promise<string>;
  writeTag(tag: AnnotatedTag): Promise<string>;
  /** A tree with files set or removed (null; of a directory too); `base` null is the empty tree. */
  updateTree(base: string | null, edits: ReadonlyMap<string, string | Uint8Array | null>): Promise<string>;

  readRefs(prefixes: readonly string[] | undefined, signal: AbortSignal): Promise<RefMap>;
  /** The remote's heads and tags as last fetched, by the names they have there. */
  remoteRefs(signal: AbortSignal): Promise<RefMap>;
  /** The commit that a revision expression of a user names; undefined where there is none. */
  resolveCommit(name: string): Promise<string | undefined>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** Commits that changed a path, newest first. */
  log(options: LogOptions): Promise<string[]>;
  /** The first commit of a branch: the same for all clones, whatever was pushed since. */
  rootCommit(tip: string): Promise<string>;
  diff(from: string | null, to: string | null): Promise<PathChange[]>;
  /** Unified diff of two trees. */
  patch(from: string | null, to: string | null, paths?: readonly string[]): Promise<string>;

  identity(): Promise<{ readonly name: string; readonly email: string }>;
  /** Moves all refs or none; checked-out files follow. Throws `ref-race`, `ref-name-taken`, `dirty-files`. */
  transact(updates: readonly RefUpdate[], options: { signal: AbortSignal }): Promise<void>;
  /** As {@link transact} on the remote, then here. Throws `ref-race`, `push-refused`, `remote-unreachable`. */
  publish(updates: readonly RefUpdate[], options: { signal: AbortSignal }): Promise<void>;
  fetch(signal: AbortSignal): Promise<void>;
  /** The tree that `git add` and `git commit` would make of the files in the work tree, ignored ones left out. */
  workTreeTree(): Promise<string>;
  /** `git add` of these paths. */
  stage(paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
