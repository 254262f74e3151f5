import { isDeepStrictEqual } from "node:util";
import type { Git } from "./git/types.ts";
import { clusterDir } from "./paths.ts";
import { type ClusterEntry, readClusterEntry } from "./snapshot.ts";
import type { RepoState } from "./state.ts";

/** A cluster whose directory left main without a deletion: nothing uninstalled what it runs. */
export interface Orphan {
  /** Its directory as main last had it. */
  readonly entry: ClusterEntry;
  /** The commit that took it away. */
  readonly removedBy: string;
}

/**
 * The clusters whose directories left main's first-parent history without a deletion or a rename, by name. A directory
 * that came back, and one that `strata cluster finish` brought back to be uninstalled, is none.
 */
export async function findOrphans(git: Git, { snapshot }: RepoState): Promise<Orphan[]> {
  if (snapshot.commit === null) return [];
  const paths = ["clusters/*/cluster.yaml"];
  const commits = await git.log({ from: snapshot.commit, paths, firstParent: true, removals: true });
  const known = new Set(snapshot.clusters.keys());
  const orphans: Orphan[] = [];
  for (const commit of commits) {
    const [parent] = (await git.readCommit(commit)).parents;
    if (parent === undefined) continue;
    const [before, after] = await Promise.all([clustersAt(git, parent), clustersAt(git, commit)]);
    for (const [name, tree] of before) {
      if (after.has(name) || known.has(name)) continue;
      known.add(name);
      const entry = await readClusterEntry(git, name, tree);
      if (entry.cluster === undefined || entry.cluster.spec.deletion !== undefined) continue;
      const came = [...after].filter(([other]) => !before.has(other));
      const successors = await Promise.all(came.map(([other, oid]) => readClusterEntry(git, other, oid)));
      const renamed = successors.some(({ cluster }) => isDeepStrictEqual(cluster?.spec, entry.cluster?.spec));
      if (!renamed) orphans.push({ entry, removedBy: commit });
    }
  }
  return orphans.sort((a, b) => (a.entry.name < b.entry.name ? -1 : 1));
}

async function clustersAt(git: Git, commit: string): Promise<Map<string, string>> {
  const folder = await git.resolvePath(commit, "clusters");
  const entries = folder?.type === "tree" ? await git.readTree(folder.oid) : [];
  const directories = entries.filter(({ type }) => type === "tree");
  const files = await Promise.all(
    directories.map(({ path }) => git.resolvePath(commit, `${clusterDir(path)}/cluster.yaml`)),
  );
  return new Map(
    directories.filter((_, index) => files[index] !== undefined).map(({ path, oid }) => [path, oid]),
  );
}
