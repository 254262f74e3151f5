import { expect } from "vitest";
import { createRenderer } from "../../../engine/fleet/render-cluster.ts";
import { listUpdates } from "../../../engine/fleet/index.ts";
import { viewClusters } from "../../../engine/fleet/cluster-views.ts";
import { createStateReader } from "../../../engine/repo/state.ts";
import { targetOf } from "../../../engine/sync/cluster-target.ts";
import { signal } from "../../support/temp-git.ts";
import { isPending, pathOf } from "./cluster-actions.ts";
import { objectsOf } from "./content.ts";
import { orphansOf } from "./model.ts";
import { CLUSTERS, type Walk } from "./walk.ts";

/** What was there at some time of a walk, and is to stay. */
export interface Seen {
  readonly commits: Set<string>;
  /** Revision tags and what they point at. */
  readonly revisions: Map<string, string>;
}

/** Nothing that was ever in the repository is lost, and the log of a version only grows. */
export async function expectNothingLost(walk: Walk, seen: Seen): Promise<void> {
  const commits = new Set((await walk.git("rev-list", "--all")).split("\n"));
  const lost = [...seen.commits].filter((commit) => !commits.has(commit) && !walk.squashed.has(commit));
  expect(lost).toEqual([]);
  for (const commit of commits) seen.commits.add(commit);

  const tags = (await walk.refs()).split("\n").filter((line) => line.startsWith("refs/tags/revisions/"));
  const revisions = new Map(tags.map((line) => [line.split(" ")[0] ?? "", line.split(" ")[1] ?? ""]));
  expect([...seen.revisions].filter(([ref, oid]) => revisions.get(ref) !== oid)).toEqual([]);
  for (const [ref, oid] of revisions) seen.revisions.set(ref, oid);
  const numbers = Map.groupBy(revisions.keys(), (ref) => ref.slice(0, ref.lastIndexOf("/")));
  for (const refs of numbers.values()) {
    const found = refs.map((ref) => Number(ref.split("/").at(-1))).toSorted((a, b) => a - b);
    expect(found).toEqual(found.map((_number, index) => index + 1));
  }
  expect(await walk.git("status", "--porcelain")).toBe("");
}

/** Who has seen every state on the way shows what one who comes now shows. */
export async function expectSeenAsAnew(walk: Walk): Promise<void> {
  const reader = createStateReader(walk.repo.git);
  const state = await reader.read((await walk.repo.load(signal())).refs);
  const anew = await viewClusters({ reader, renderer: createRenderer(reader), state });
  expect(await walk.views()).toEqual(anew);
}

/** Every cluster runs what the model says, or is stopped by what it says, and has a pending update where it says so. */
export async function expectAsModelled(walk: Walk): Promise<void> {
  const facts = await walk.facts();
  const { contentOf } = facts;
  const state = await walk.repo.load(signal());
  for (const name of CLUSTERS) {
    const { version, lock, overrides } = walk.cluster(name);
    const entry = state.snapshot.clusters.get(name);
    if (entry === undefined || lock === undefined) throw new Error(`${name} is gone`);
    const written = entry.lock.profiles["app"];
    const { tree } = lock;
    const base = lock.merged ?? tree;
    expect({
      version: written?.version,
      tree: written?.tree,
      base: written?.merged ?? written?.tree,
    }).toEqual({
      version,
      tree,
      base,
    });
    const { target } = await targetOf(
      walk.repo.reader,
      createRenderer(walk.repo.reader),
      state,
      entry,
      "root",
    );
    const found = await target();
    const orphans = orphansOf(overrides, contentOf(base), contentOf(tree));
    if (orphans.length > 0) {
      const problems = "blockedBy" in found ? found.blockedBy : [];
      expect(problems.map(({ code, object }) => `${code}: ${object ?? ""}`).toSorted()).toEqual(
        orphans.map((knob) => `override-orphaned: ${pathOf(facts, knob, base, tree)}`).toSorted(),
      );
      continue;
    }
    const steps: unknown =
      "desired" in found
        ? found.desired.steps.flat().map((layer) => ({
            layer: layer.name,
            objects: layer.objects.map(({ object }) => object),
          }))
        : found.blockedBy;
    expect(steps).toEqual(objectsOf(contentOf(tree), overrides));
    expect(await holdsTree(walk, tree)).toBe(true);
  }
  const updates = await listUpdates(walk.repo, {}, { signal: signal() });
  expect(updates.map(({ cluster }) => cluster)).toEqual(
    CLUSTERS.filter((name) => isPending(facts, walk.cluster(name))),
  );
}

/** Whether a revision or main's history has the tree: what runs can be had again. */
async function holdsTree(walk: Walk, tree: string): Promise<boolean> {
  const revisions = await walk.git("for-each-ref", "--format=%(*objectname)", "refs/tags/revisions");
  const main = await walk.git("rev-list", "main");
  for (const commit of `${revisions}\n${main}`.split("\n"))
    if ((await walk.treeAt(commit)) === tree) return true;
  return false;
}
