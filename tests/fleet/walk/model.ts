import { type Content, hasPlace, KNOBS, type Knob, type Overrides } from "./content.ts";

export interface LockModel {
  readonly version: string;
  /** Id of the locked tree. */
  readonly tree: string;
  /** The tree that the overrides were last merged with. */
  readonly merged: string | undefined;
}

/** What main says of one cluster. */
export interface ClusterModel {
  readonly version: string;
  readonly lock: LockModel | undefined;
  readonly overrides: Overrides;
}

export type Clusters = Readonly<Record<string, ClusterModel>>;

/** Main after one commit; a walk knows them all, the oldest first. */
export interface MainModel {
  readonly commit: string;
  readonly clusters: Clusters;
}

/** What the walk reads from Git beside what it did itself. */
export interface Facts {
  readonly history: readonly MainModel[];
  /** The tree of each version's tag. */
  readonly current: ReadonlyMap<string, string>;
  readonly contentOf: (tree: string) => Content;
}

/** The overridden places that `theirs` does not have, and the tree that the overrides were made over had. */
export function orphansOf(overrides: Overrides, base: Content, theirs: Content): Knob[] {
  return KNOBS.filter((knob) => {
    if (!overrides.has(knob) || hasPlace(theirs, knob)) return false;
    // an item that neither has is added; an object is not
    return knob === "mode" || hasPlace(base, knob);
  });
}

/** The tree last locked for a cluster at a version. */
export function lastLocked({ history }: Facts, name: string, version: string): string | undefined {
  return history.findLast(({ clusters }) => clusters[name]?.lock?.version === version)?.clusters[name]?.lock
    ?.tree;
}

/** What an unnamed choice of a version means: going back goes back, else what is current. */
export function chosenTree(facts: Facts, name: string, version: string): string | undefined {
  return lastLocked(facts, name, version) ?? facts.current.get(version);
}

/** The tree that the overrides of a cluster were last merged with, so far as main's history tells. */
export function baseOf({ history }: Pick<Facts, "history">, name: string): string | undefined {
  const lock = history.findLast(({ clusters }) => clusters[name]?.lock !== undefined)?.clusters[name]?.lock;
  return lock?.merged ?? lock?.tree;
}

/** A lock on a tree, with the overrides merged where they all fit. */
export function lockOn(
  facts: Facts,
  {
    version,
    tree,
    base,
    overrides,
  }: { version: string; tree: string; base: string | undefined; overrides: Overrides },
): LockModel {
  if (overrides.size === 0) return { version, tree, merged: undefined };
  const theirs = facts.contentOf(tree);
  const orphans = orphansOf(overrides, base === undefined ? theirs : facts.contentOf(base), theirs);
  return { version, tree, merged: orphans.length === 0 ? tree : base };
}

/** The cluster after a pass of the engine: its lock names its version, and what its overrides were merged with. */
export function afterPass(facts: Facts, name: string, cluster: ClusterModel): ClusterModel {
  const { version, lock, overrides } = cluster;
  const fits = lock?.version === version;
  const tree = fits ? lock.tree : chosenTree(facts, name, version);
  if (tree === undefined) throw new Error(`${version} was never released`);
  if (fits && lock.merged === (overrides.size === 0 ? lock.merged : lock.tree)) return cluster;
  const base = lock?.merged ?? lock?.tree ?? baseOf(facts, name);
  const { contentOf } = facts;
  const isStopped = orphansOf(overrides, contentOf(base ?? tree), contentOf(tree)).length > 0;
  // what does not fit is written nowhere
  if (fits && isStopped) return cluster;
  return { ...cluster, lock: lockOn(facts, { version, tree, base, overrides }) };
}

/** The state that a rollback leads to: the newest that differs, of those that were complete. */
export function rollbackTarget(
  { history }: Facts,
  name: string,
  isSame: (one: MainModel) => boolean,
): MainModel | undefined {
  return history.findLast((one) => {
    const { version, lock } = one.clusters[name] ?? {};
    return lock !== undefined && lock.version === version && !isSame(one);
  });
}
