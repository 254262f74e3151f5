import { isDeepStrictEqual } from "node:util";
import { Cluster } from "../model/cluster.ts";
import type { Git } from "./git/types.ts";
import { parseKind } from "./parse-kind.ts";
import { clusterFile } from "./paths.ts";
import type { RepoState } from "./state.ts";

const CLUSTERS = "clusters";

/**
 * The names that a cluster had before, the latest first, up to one that another cluster has by now. A commit renames a
 * cluster where it brings its directory and takes away one other with the same `spec`.
 */
export async function formerNames(git: Git, state: RepoState, cluster: string): Promise<readonly string[]> {
  const tip = state.snapshot.commit;
  const names: string[] = [];
  let name: string | undefined = cluster;
  while (tip !== null) {
    name = await nameBefore(git, tip, name);
    if (name === undefined || names.includes(name) || state.snapshot.clusters.has(name)) break;
    names.push(name);
  }
  return names;
}

async function nameBefore(git: Git, tip: string, cluster: string): Promise<string | undefined> {
  const file = clusterFile(cluster);
  for (const commit of await git.log({ from: tip, paths: [file], firstParent: true })) {
    const [parent] = (await git.readCommit(commit)).parents;
    if (parent === undefined) return undefined;
    if ((await git.resolvePath(parent, file)) !== undefined) continue;
    const spec = await specAt(git, commit, cluster);
    const now = await clustersAt(git, commit);
    const gone = (await clustersAt(git, parent)).filter((name) => !now.includes(name));
    const specs = await Promise.all(gone.map((name) => specAt(git, parent, name)));
    const same = gone.filter((_, index) => spec !== undefined && isDeepStrictEqual(specs[index], spec));
    return same.length === 1 ? same[0] : undefined;
  }
  return undefined;
}

async function clustersAt(git: Git, commit: string): Promise<readonly string[]> {
  const folder = await git.resolvePath(commit, CLUSTERS);
  return folder?.type === "tree" ? (await git.readTree(folder.oid)).map(({ path }) => path) : [];
}

/** Undefined where there is no such cluster, or its file is not valid. */
async function specAt(git: Git, commit: string, cluster: string): Promise<Cluster["spec"] | undefined> {
  const file = clusterFile(cluster);
  const entry = await git.resolvePath(commit, file);
  if (entry?.type !== "blob") return undefined;
  return parseKind(await git.readBlob(entry.oid), file, Cluster).value?.spec;
}
