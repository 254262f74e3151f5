import { isDeepStrictEqual } from "node:util";
import { firstParentsSince } from "./first-parents.ts";
import type { Git } from "./git/types.ts";
import { type ClusterEntry, readClusterEntry, type Snapshot } from "./snapshot.ts";

/** A cluster whose directory left main without a deletion: nothing uninstalled what it runs. */
export interface Orphan {
  /** Its directory as main last had it. */
  readonly entry: ClusterEntry;
  /** The commit that took it away. */
  readonly removedBy: string;
}

/**
 * A finder of the clusters whose directories left main's first-parent history without a deletion or a rename, by name.
 * A directory that came back, and one that `strata cluster finish` brought back to be uninstalled, is none. Where main
 * went on from where it was, only the commits that it gained are looked at.
 */
export function createOrphanFinder(git: Git): (snapshot: Snapshot) => Promise<readonly Orphan[]> {
  let last: { readonly commit: string; readonly judged: Judged } | undefined;
  return async ({ commit, clusters }) => {
    if (commit === null) return [];
    const gained = last === undefined ? undefined : await firstParentsSince(git, commit, last.commit);
    const removals = gained ?? (await allRemovals(git, commit));
    const before: Judged = gained === undefined || last === undefined ? new Map() : last.judged;
    const judged = new Map([...before, ...(await judgeRemovals(git, removals))]);
    last = { commit, judged };
    return [...judged.values()]
      .filter((orphan) => orphan !== undefined)
      .filter(({ entry }) => !clusters.has(entry.name))
      .sort((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
  };
}

/** By the name of each cluster that was ever removed: what its last removal left; undefined where it was deleted or renamed. */
type Judged = ReadonlyMap<string, Orphan | undefined>;

function allRemovals(git: Git, commit: string): Promise<readonly string[]> {
  return git.log({ from: commit, paths: ["clusters/*/cluster.yaml"], firstParent: true, removals: true });
}

/** @param commits newest first: the last removal of a name counts */
async function judgeRemovals(git: Git, commits: readonly string[]): Promise<Judged> {
  const judged = new Map<string, Orphan | undefined>();
  for (const commit of commits) {
    const [parent] = (await git.readCommit(commit)).parents;
    if (parent === undefined) continue;
    const { left, came } = await movesBetween(git, parent, commit);
    for (const [name, tree] of left) {
      if (judged.has(name)) continue;
      const entry = await readClusterEntry(git, name, tree);
      const isKnown = entry.cluster !== undefined && entry.cluster.spec.deletion === undefined;
      const isOrphan = isKnown && !(await isAmong(git, came, entry));
      judged.set(name, isOrphan ? { entry, removedBy: commit } : undefined);
    }
  }
  return judged;
}

/** Whether a cluster was renamed: a directory that came says the same of it. */
async function isAmong(git: Git, came: readonly Directory[], { cluster }: ClusterEntry): Promise<boolean> {
  const successors = await Promise.all(came.map(([name, tree]) => readClusterEntry(git, name, tree)));
  return successors.some((successor) => isDeepStrictEqual(successor.cluster?.spec, cluster?.spec));
}

/** A cluster's name and the tree of its directory. */
type Directory = readonly [name: string, tree: string];

/** The clusters that a commit took away from its parent, as they were, and those that it brought. */
async function movesBetween(
  git: Git,
  parent: string,
  commit: string,
): Promise<{ readonly left: readonly Directory[]; readonly came: readonly Directory[] }> {
  const [before, after] = await Promise.all([directoriesAt(git, parent), directoriesAt(git, commit)]);
  const changed = (from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>) =>
    withCluster(
      git,
      [...from].filter(([name, tree]) => to.get(name) !== tree),
    );
  const [had, has] = await Promise.all([changed(before, after), changed(after, before)]);
  const names = { had: new Set(had.map(([name]) => name)), has: new Set(has.map(([name]) => name)) };
  return {
    left: had.filter(([name]) => !names.has.has(name)),
    came: has.filter(([name]) => !names.had.has(name)),
  };
}

/** Those of the directories that are a cluster's. */
async function withCluster(git: Git, directories: readonly Directory[]): Promise<readonly Directory[]> {
  const files = await Promise.all(directories.map(([, tree]) => git.resolvePath(tree, "cluster.yaml")));
  return directories.filter((_, index) => files[index] !== undefined);
}

async function directoriesAt(git: Git, commit: string): Promise<ReadonlyMap<string, string>> {
  const folder = await git.resolvePath(commit, "clusters");
  const entries = folder?.type === "tree" ? await git.readTree(folder.oid) : [];
  return new Map(entries.filter(({ type }) => type === "tree").map(({ path, oid }) => [path, oid]));
}
