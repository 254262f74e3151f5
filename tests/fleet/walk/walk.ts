import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { ChangeResult } from "../../../engine/repo/change.ts";
import { viewClusters } from "../../../engine/fleet/cluster-views.ts";
import { createKnownViews } from "../../../engine/fleet/known-views.ts";
import { createRenderer, type Renderer } from "../../../engine/fleet/render-cluster.ts";
import type { ClusterView } from "../../../engine/model/view.ts";
import { openGit } from "../../../engine/repo/git/open-git.ts";
import { createRepository, type Repository } from "../../../engine/repo/repository.ts";
import { passRepository } from "../../../engine/sync/repository-pass.ts";
import { codeOf } from "../../repo/fixture.ts";
import { commitFiles, git, gitEnv, signal, writeFiles } from "../../support/temp-git.ts";
import { type Content, FIRST, SECOND, PROFILE_DIR, profileFiles, readContent, WEB_FILE } from "./content.ts";
import { afterPass, type ClusterModel, type Clusters, type Facts, type MainModel } from "./model.ts";

export const CLUSTERS = ["dev", "prod"] as const;
export type ClusterName = (typeof CLUSTERS)[number];

/** What a command is expected to do: to be refused, or to leave the clusters so, with one commit at most. */
export type Expected = { readonly refused: string } | { readonly clusters: Clusters };

/** Why a version may wait for its user; anything else that a pass cannot do is a fault. */
const CONDITIONS: ReadonlySet<string> = new Set(["branch-owns-version", "main-never-held"]);

/** A repository on its random way, beside the model of what it is to say. */
export class Walk {
  readonly dir: string;
  readonly repo: Repository;
  readonly contents: Map<string, Content>;
  readonly history: MainModel[];
  /** Nothing was pushed by hand since the engine last looked. */
  isSettled = true;
  /** Commits that a user took away with a force push. */
  readonly squashed = new Set<string>();
  /** The profile's tree by commit. */
  readonly #trees = new Map<string, string>();
  readonly #viewOne = createKnownViews();
  readonly #renderer: Renderer;

  constructor(dir: string, repo: Repository, start: Start) {
    this.dir = dir;
    this.repo = repo;
    this.#renderer = createRenderer(repo.reader);
    this.contents = new Map(start.contents);
    this.history = [...start.history];
  }

  git(...args: string[]): Promise<string> {
    return git(this.dir, ...args);
  }

  get clusters(): Clusters {
    return this.history.at(-1)?.clusters ?? {};
  }

  cluster(name: ClusterName): ClusterModel {
    const found = this.clusters[name];
    if (found === undefined) throw new Error(`the model has no cluster ${name}`);
    return found;
  }

  with(name: ClusterName, change: Partial<ClusterModel>): Clusters {
    return { ...this.clusters, [name]: { ...this.cluster(name), ...change } };
  }

  async facts(): Promise<Facts> {
    const tags = await this.git(
      "for-each-ref",
      "--format=%(refname:lstrip=4) %(objectname)",
      "refs/tags/profiles/app",
    );
    const current = new Map<string, string>();
    for (const line of tags.split("\n")) {
      const [version = ""] = line.split(" ");
      current.set(version, await this.treeAt(`profiles/app/${version}`));
    }
    return { history: this.history, current, contentOf: (tree) => this.contentOf(tree) };
  }

  /** The profile's tree at a ref or commit. What it holds is known from then on. */
  async treeAt(commit: string): Promise<string> {
    const known = this.#trees.get(commit);
    if (known !== undefined) return known;
    const tree = await this.git("rev-parse", `${commit}:${PROFILE_DIR}`);
    if (!this.contents.has(tree))
      this.contents.set(tree, readContent(await this.git("show", `${tree}:${WEB_FILE}`)));
    if (/^[0-9a-f]{40}$/.test(commit)) this.#trees.set(commit, tree);
    return tree;
  }

  contentOf(tree: string): Content {
    const content = this.contents.get(tree);
    if (content === undefined) throw new Error(`nobody has seen the tree ${tree}`);
    return content;
  }

  /** Commits files of main by hand; null removes one. */
  async push(files: Readonly<Record<string, string | null>>, clusters: Clusters): Promise<void> {
    const kept = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== null);
    for (const [path, text] of Object.entries(files)) {
      if (text === null) await rm(join(this.dir, path), { force: true });
    }
    await writeFiles(this.dir, Object.fromEntries(kept));
    await commitFiles(this.dir, {}, "By hand");
    await this.pushed(clusters);
  }

  /** What an engine that has seen the whole way shows of the clusters. */
  async views(): Promise<readonly ClusterView[]> {
    const { reader } = this.repo;
    const state = await this.repo.load(signal());
    return viewClusters({ reader, renderer: this.#renderer, state }, this.#viewOne);
  }

  /** Main moved by hand. */
  async pushed(clusters: Clusters): Promise<void> {
    const commit = await this.git("rev-parse", "main");
    await this.treeAt(commit);
    this.history.push({ commit, clusters });
    this.isSettled = false;
  }

  /** A command of Strata; gives its warnings, where it was not refused. */
  async command(
    expected: Expected,
    run: () => Promise<ChangeResult>,
  ): Promise<Pick<ChangeResult, "warnings"> | undefined> {
    const before = await this.refs();
    if ("refused" in expected) {
      expect(await codeOf(run())).toBe(expected.refused);
      expect(await this.refs()).toBe(before);
      return undefined;
    }
    const { commit, warnings } = await run();
    await this.#moved(expected.clusters, commit, before);
    return { warnings };
  }

  /** Main may have moved by one commit, and by no more. */
  async #moved(clusters: Clusters, commit: string | null, before: string): Promise<void> {
    const main = await this.git("rev-parse", "main");
    const last = this.history.at(-1)?.commit ?? "";
    if (main === last) {
      expect(clusters).toEqual(this.clusters);
      if (commit === null) expect(await this.refs()).toBe(before);
      return;
    }
    expect(await this.git("rev-parse", "main^")).toBe(last);
    await this.treeAt(main);
    this.history.push({ commit: main, clusters });
  }

  /** The engine looks, writes what is missing, and finds nothing more to do. */
  async pass(): Promise<void> {
    const repo = this.repo;
    const look = () => passRepository(repo, createRenderer(repo.reader), () => undefined, signal());
    const before = await this.refs();
    const { conditions } = await look();
    expect(conditions.filter(({ code }) => !CONDITIONS.has(code))).toEqual([]);
    const facts = await this.facts();
    const clusters = Object.fromEntries(
      Object.entries(this.clusters).map(([name, cluster]) => [name, afterPass(facts, name, cluster)]),
    );
    await this.#moved(clusters, "", before);
    const after = await this.refs();
    await look();
    expect(await this.refs()).toBe(after);
    this.isSettled = true;
  }

  refs(): Promise<string> {
    return this.git("for-each-ref", "--format=%(refname) %(objectname)");
  }
}

export interface Start {
  readonly dir: string;
  readonly contents: ReadonlyMap<string, Content>;
  readonly history: readonly MainModel[];
}

const clusterText = (name: string, version: string) => `apiVersion: strata.dev/v1alpha1
kind: Cluster
metadata: { name: ${name} }
spec:
  connection: { context: dev-1 }
  profiles:
    - { name: app, version: ${version} }
`;

/** The files of a profile where they stand in the repository. */
export function inProfile(
  files: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${PROFILE_DIR}/${path}`, text]));
}

/** Makes in a folder the repository that every walk begins with: two versions, two clusters on the first. */
export async function makeStart(dir: string, cacheDir: string): Promise<Start> {
  await git(dir, "init", "-q", "-b", "main");
  const repo = await open(dir, cacheDir);
  const walk = new Walk(dir, repo, { dir, contents: new Map(), history: [] });
  const first = { version: "1.0.0", lock: undefined, overrides: new Map() };
  const files = CLUSTERS.map(
    (name) => [`clusters/${name}/cluster.yaml`, clusterText(name, "1.0.0")] as const,
  );
  await walk.push(
    { ...inProfile(profileFiles(FIRST, "1.0.0")), ...Object.fromEntries(files) },
    { dev: first, prod: first },
  );
  await walk.pass();
  await walk.push(inProfile(profileFiles(SECOND, "1.1.0")), walk.clusters);
  await walk.pass();
  await repo.close();
  return { dir, contents: walk.contents, history: walk.history };
}

/** Walks on a copy of the start. */
export async function walkFrom(
  start: Start,
  { dir, cacheDir }: { readonly dir: string; readonly cacheDir: string },
  way: (walk: Walk) => Promise<void>,
): Promise<void> {
  await cp(start.dir, dir, { recursive: true });
  const repo = await open(dir, cacheDir);
  try {
    await way(new Walk(dir, repo, start));
  } finally {
    await repo.close();
  }
}

async function open(dir: string, cacheDir: string): Promise<Repository> {
  return createRepository(await openGit(dir, { environment: gitEnv(), cacheDir, signal: signal() }));
}
