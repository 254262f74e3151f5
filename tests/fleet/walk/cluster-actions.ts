import {
  confirmUpdates,
  overrideCluster,
  readClusterLayer,
  readPendingTexts,
  removeOverrides,
  rollbackCluster,
  useVersion,
} from "../../../engine/actions/index.ts";
import { listUpdates } from "../../../engine/fleet/index.ts";
import { signal } from "../../support/temp-git.ts";
import {
  hasPlace,
  type Knob,
  layerOf,
  objectsOf,
  type Overrides,
  PATHS,
  profileValue,
  setInText,
  type Value,
} from "./content.ts";
import { chosenTree, type ClusterModel, type Facts, lockOn, orphansOf, rollbackTarget } from "./model.ts";
import type { ClusterName, Expected, Walk } from "./walk.ts";
import { isDeepStrictEqual } from "node:util";

const options = () => ({ signal: signal() });

/** The overrides with a knob set in a text: one that is the profile's value is none. */
function withKnob(overrides: Overrides, knob: Knob, value: Value, profile: Value | undefined): Overrides {
  const after = new Map(overrides);
  if (value === profile) after.delete(knob);
  else after.set(knob, value);
  return after;
}

function without(overrides: Overrides, knobs: readonly Knob[]): Overrides {
  return new Map([...overrides].filter(([knob]) => !knobs.includes(knob)));
}

interface Locked {
  readonly tree: string;
  readonly base: string;
  readonly orphans: readonly Knob[];
}

/** What a cluster is on after a pass, and which of its overrides have no place there. */
function lockedOf(facts: Facts, { lock, overrides }: ClusterModel): Locked {
  if (lock === undefined) throw new Error("a pass writes every lock");
  const base = lock.merged ?? lock.tree;
  const { contentOf } = facts;
  return { tree: lock.tree, base, orphans: orphansOf(overrides, contentOf(base), contentOf(lock.tree)) };
}

/** How commands name an overridden knob: an item that the override adds is named as a whole. */
export function pathOf(facts: Facts, knob: Knob, base: string, theirs: string): string {
  const isAdded = [base, theirs].every((tree) => !hasPlace(facts.contentOf(tree), knob));
  return knob === "proxy" && isAdded ? PATHS.proxy.replace(".image", "") : PATHS[knob];
}

/** Edits the text of a layer as the cluster runs it. */
export async function override(walk: Walk, name: ClusterName, knob: Knob, value: Value): Promise<void> {
  const facts = await walk.facts();
  const cluster = walk.cluster(name);
  const { tree, base, orphans } = lockedOf(facts, cluster);
  const target = { cluster: name, profile: "app", layer: layerOf(knob) };
  const content = facts.contentOf(tree);
  // another ConfigMap is there: it has no knob
  if (knob === "mode" && !hasPlace(content, knob)) return;
  const { text } = await readClusterLayer(walk.repo, target, options());
  const edited = setInText(text, knob, value);
  const overrides = withKnob(cluster.overrides, knob, value, profileValue(content, knob));
  const { version } = cluster;
  const clusters = walk.with(name, { overrides, lock: lockOn(facts, { version, tree, base, overrides }) });
  const isOrphaned = orphans.some((orphan) => layerOf(orphan) === layerOf(knob));
  const refused = isOrphaned ? "override-orphaned" : edited === text ? "edit-unchanged" : undefined;
  const expected: Expected = refused === undefined ? { clusters } : { refused };
  await walk.command(expected, () => overrideCluster(walk.repo, { ...target, content: edited }, options()));
}

/** Gives a knob back to the profile. */
export async function remove(walk: Walk, name: ClusterName, knob: Knob): Promise<void> {
  const facts = await walk.facts();
  const { version, overrides: before } = walk.cluster(name);
  const { tree, base } = lockedOf(facts, walk.cluster(name));
  const overrides = without(before, [knob]);
  const isThere = layerOf(knob) === "web" || facts.contentOf(tree).extra !== null || before.has(knob);
  const refused = isThere ? "path-unknown" : "layer-unknown";
  const clusters = walk.with(name, { overrides, lock: lockOn(facts, { version, tree, base, overrides }) });
  const target = {
    cluster: name,
    profile: "app",
    layer: layerOf(knob),
    paths: [pathOf(facts, knob, base, tree)],
  };
  await walk.command(before.has(knob) ? { clusters } : { refused }, () =>
    removeOverrides(walk.repo, target, options()),
  );
}

export interface Choices {
  /** Drops what has no place in what comes. */
  readonly drop: boolean;
  /** Takes the profile's value here. */
  readonly take: Knob | null;
}

interface Carried {
  readonly drop: readonly string[];
  readonly overrides: Overrides;
  readonly refused: string | undefined;
}

/** What becomes of the overrides on the way to a tree, and what is said to get there. */
function carry(facts: Facts, cluster: ClusterModel, target: string, { drop, take }: Choices): Carried {
  const { base } = lockedOf(facts, cluster);
  const orphans = orphansOf(cluster.overrides, facts.contentOf(base), facts.contentOf(target));
  const gone = [...new Set([...(drop ? orphans : []), ...(take === null ? [] : [take])])];
  const isKnown = take === null || cluster.overrides.has(take);
  const isLeft = orphans.some((orphan) => !gone.includes(orphan));
  return {
    drop: gone.map((knob) => pathOf(facts, knob, base, target)),
    overrides: without(cluster.overrides, gone),
    refused: !isKnown ? "path-unknown" : isLeft ? "override-orphaned" : undefined,
  };
}

/** Approves the pending update; the user may edit the right side. */
export async function confirm(
  walk: Walk,
  name: ClusterName,
  choices: Choices & { readonly edit: { readonly knob: Knob; readonly value: Value } | null },
): Promise<void> {
  const facts = await walk.facts();
  const cluster = walk.cluster(name);
  const { version } = cluster;
  const target = facts.current.get(version) ?? "";
  const take = choices.edit === null ? choices.take : null;
  const { drop, overrides, refused } = carry(facts, cluster, target, { ...choices, take });
  const [pending] = await listUpdates(walk.repo, { clusters: [name] }, options());
  const edited = new Map<string, string>();
  let after = overrides;
  if (choices.edit !== null && pending !== undefined && refused === undefined) {
    const { knob, value } = choices.edit;
    const texts = await readPendingTexts(walk.repo, { cluster: name, plan: pending.plan }, options());
    const isThere = knob !== "mode" || hasPlace(facts.contentOf(target), knob);
    const text = isThere ? texts.get(layerOf(knob)) : undefined;
    const changed = setInText(text ?? "", knob, value);
    if (text !== undefined && changed !== text) {
      edited.set(layerOf(knob), changed);
      after = withKnob(overrides, knob, value, profileValue(facts.contentOf(target), knob));
    }
  }
  const lock = lockOn(facts, { version, tree: target, base: target, overrides: after });
  const confirmation = { cluster: name, plans: pending === undefined ? [] : [pending.plan], drop, edited };
  const expected: Expected =
    pending === undefined
      ? { refused: "update-none" }
      : refused === undefined
        ? { clusters: walk.with(name, { lock, overrides: after }) }
        : { refused };
  await walk.command(expected, () => confirmUpdates(walk.repo, [confirmation], options()));
}

/** Chooses a version. */
export async function use(
  walk: Walk,
  name: ClusterName,
  choices: Choices & { readonly version: string; readonly latest: boolean },
): Promise<void> {
  const facts = await walk.facts();
  const { version, latest } = choices;
  const tree = latest ? facts.current.get(version) : chosenTree(facts, name, version);
  if (tree === undefined) return;
  const { drop, overrides, refused } = carry(facts, walk.cluster(name), tree, choices);
  const lock = lockOn(facts, { version, tree, base: tree, overrides });
  await walk.command(
    refused === undefined ? { clusters: walk.with(name, { version, lock, overrides }) } : { refused },
    () => useVersion(walk.repo, { cluster: name, profile: "app", version, latest, drop }, options()),
  );
}

export async function rollback(walk: Walk, name: ClusterName): Promise<void> {
  const facts = await walk.facts();
  const files = new Map<string, string>();
  for (const { commit } of walk.history) files.set(commit, await overridesAt(walk, commit, name));
  const now = walk.history.at(-1);
  const target = rollbackTarget(facts, name, (one) => {
    const [then, is] = [one.clusters[name], now?.clusters[name]];
    const what = (cluster: ClusterModel | undefined) => [
      cluster?.version,
      cluster?.lock?.version,
      cluster?.lock?.tree,
    ];
    return isDeepStrictEqual(what(then), what(is)) && files.get(one.commit) === files.get(now?.commit ?? "");
  });
  const state = target?.clusters[name];
  await walk.command(
    state === undefined ? { refused: "rollback-nowhere" } : { clusters: walk.with(name, state) },
    () => rollbackCluster(walk.repo, { cluster: name }, options()),
  );
}

/** The id of a cluster's overrides at a commit: they may be written otherwise and say the same. */
function overridesAt(walk: Walk, commit: string, name: ClusterName): Promise<string> {
  return walk.git("rev-parse", "-q", "--verify", `${commit}:clusters/${name}/overrides`).catch(() => "");
}

/** Whether the newest revision of a cluster's version renders otherwise than what it is locked on. */
export function isPending(facts: Facts, { version, lock }: ClusterModel): boolean {
  const current = facts.current.get(version);
  if (current === undefined || lock === undefined) return false;
  const objects = (tree: string) => objectsOf(facts.contentOf(tree), new Map());
  return !isDeepStrictEqual(objects(current), objects(lock.tree));
}
