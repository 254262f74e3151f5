import { lockWorkTree } from "../../../engine/actions/index.ts";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { signal, writeFiles } from "../../support/temp-git.ts";
import { overrideFiles, type Overrides } from "./content.ts";
import { afterPass, type ClusterModel, type Clusters } from "./model.ts";
import { CLUSTERS, type ClusterName, type Walk } from "./walk.ts";

const clusterFile = (name: string) => `clusters/${name}/cluster.yaml`;
const lockFile = (name: string) => `clusters/${name}/strata.lock`;

async function withVersion(walk: Walk, name: ClusterName, version: string): Promise<Record<string, string>> {
  const text = await readFile(join(walk.dir, clusterFile(name)), "utf8");
  return { [clusterFile(name)]: text.replace(/version: [0-9.]+/, `version: ${version}`) };
}

/** Pushes another version of a cluster, with its lock as it is or without one. */
export async function pushUse(
  walk: Walk,
  name: ClusterName,
  version: string,
  dropLock: boolean,
): Promise<void> {
  if (!(await walk.facts()).current.has(version)) return;
  const lock = dropLock ? { [lockFile(name)]: null } : {};
  const change = { version, ...(dropLock ? { lock: undefined } : {}) };
  await walk.push({ ...(await withVersion(walk, name, version)), ...lock }, walk.with(name, change));
}

/** Says by `strata lock` in the work tree what the push of another version means, and commits both. */
export async function lockByHand(walk: Walk, name: ClusterName, version: string): Promise<void> {
  const facts = await walk.facts();
  if (!facts.current.has(version)) return;
  await writeFiles(walk.dir, await withVersion(walk, name, version));
  await lockWorkTree(walk.repo, { signal: signal() });
  const clusters = Object.entries(walk.with(name, { version })).map(([each, cluster]) => [
    each,
    afterPass(facts, each, cluster),
  ]);
  await walk.push({}, Object.fromEntries(clusters) as Clusters);
}

/** Pushes override files that somebody wrote. */
export async function pushOverrides(walk: Walk, name: ClusterName, overrides: Overrides): Promise<void> {
  const files = Object.entries(overrideFiles(overrides)).map(([layer, text]) => [
    `clusters/${name}/overrides/app/${layer}.yaml`,
    text,
  ]);
  await walk.push(Object.fromEntries(files) as Record<string, string | null>, walk.with(name, { overrides }));
}

/** Pushes a lock on another revision of the cluster's version; what its overrides were merged with stays. */
export async function pushLock(walk: Walk, name: ClusterName, pick: number): Promise<void> {
  const { version, lock } = walk.cluster(name);
  const tags = await walk.git("for-each-ref", "--format=%(refname)", `refs/tags/revisions/app/${version}`);
  const tag = tags.split("\n")[pick % tags.split("\n").length] ?? "";
  if (lock === undefined || lock.version !== version || tag === "") return;
  const tree = await walk.treeAt(tag);
  const text = await readFile(join(walk.dir, lockFile(name)), "utf8");
  const edited = text.replace(/tree: "?[0-9a-f]+"?/, `tree: "${tree}"`);
  await walk.push({ [lockFile(name)]: edited }, walk.with(name, { lock: { ...lock, tree } }));
}

/** `git revert` of one of the last commits, where nothing that it touched was changed since. */
export async function revert(walk: Walk, back: number): Promise<void> {
  const index = walk.history.length - 1 - back;
  const [before, undone] = [walk.history[index - 1], walk.history[index]];
  if (before === undefined || undone === undefined) return;
  const paths = ["profiles/app", ...CLUSTERS.flatMap(filesOf)];
  const at = async (commit: string) => {
    const ids = paths.map((path) =>
      walk.git("rev-parse", "-q", "--verify", `${commit}:${path}`).catch(() => ""),
    );
    return Promise.all(ids);
  };
  const [was, is, now] = await Promise.all([at(before.commit), at(undone.commit), at("main")]);
  const touched = paths.filter((_path, at) => was[at] !== is[at]);
  if (touched.length === 0) return;
  if (touched.some((path) => is[paths.indexOf(path)] !== now[paths.indexOf(path)])) return;
  await walk.git("revert", "--no-edit", undone.commit);
  const clusters = CLUSTERS.map((name): [ClusterName, ClusterModel] => {
    const [then, stays] = [before.clusters[name], walk.cluster(name)];
    const [file, lock, overrides] = filesOf(name);
    if (then === undefined) return [name, stays];
    return [
      name,
      {
        version: touched.includes(file) ? then.version : stays.version,
        lock: touched.includes(lock) ? then.lock : stays.lock,
        overrides: touched.includes(overrides) ? then.overrides : stays.overrides,
      },
    ];
  });
  await walk.pushed(Object.fromEntries(clusters));
}

function filesOf(name: string): readonly [file: string, lock: string, overrides: string] {
  return [clusterFile(name), lockFile(name), `clusters/${name}/overrides`];
}

/** Makes one commit of the last ones, and pushes it by force. */
export async function squash(walk: Walk, count: number): Promise<void> {
  if (walk.history.length <= count + 1) return;
  const gone = walk.history.splice(-count);
  for (const { commit } of gone) walk.squashed.add(commit);
  await walk.git("reset", "-q", "--soft", walk.history.at(-1)?.commit ?? "");
  await walk.git("commit", "-q", "--allow-empty", "-m", "All at once");
  await walk.pushed(gone.at(-1)?.clusters ?? {});
}
