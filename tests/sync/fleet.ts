import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { connect } from "../../engine/cluster/connect.ts";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import type { Connection } from "../../engine/model/cluster.ts";
import { isJsonObject } from "../../engine/model/kube-object.ts";
import type { ClusterView } from "../../engine/model/view.ts";
import type { Repository } from "../../engine/repo/repository.ts";
import { Engine } from "../../engine/sync/engine.ts";
import type { Target, TargetCluster } from "../support/cluster-targets.ts";
import { commitFiles, git, openTestRepository, signal, tempRepo } from "../support/temp-git.ts";
import { clusterText, configMapText, LAYER_FILE, PROFILE_FILE, profileText } from "./fleet-files.ts";

export interface FleetOptions {
  /** Short names; the first runs in the first cluster of the target, the second in the other. */
  readonly clusters: readonly string[];
  /** Other addresses of their servers, by short name. */
  readonly through?: (short: string, server: string) => Promise<string>;
}

const CONFIG_MAPS = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  verbs: ["get"],
};
const NEVER = 600_000;

/** A work tree whose clusters run the profile `app`, which is a ConfigMap of a name that no other test has. */
export class Fleet {
  /** The ConfigMap's name, and the beginning of the names of everything else. */
  readonly id: string = `t-${randomBytes(4).toString("hex")}`;
  readonly dir: string;
  readonly repo: Repository;
  readonly options: FleetOptions;
  readonly #target: Target;
  readonly #apis: KubeApi[] = [];
  readonly #engines: Engine[] = [];
  #through: FleetOptions["through"];

  constructor(target: Target, options: FleetOptions, dir: string, repo: Repository) {
    this.#target = target;
    this.options = options;
    this.#through = options.through;
    this.dir = dir;
    this.repo = repo;
  }

  /** The engine that was started last. */
  get engine(): Engine {
    const engine = this.#engines.at(-1);
    if (engine === undefined) throw new Error("no engine was started");
    return engine;
  }

  /** Requests that went to clusters so far. */
  get requests(): number {
    return this.#apis.reduce((sum, api) => sum + api.requests, 0);
  }

  /** Knows the clusters of the target. */
  get kubeconfig(): string {
    return this.#target.kubeconfig;
  }

  /** The name of a cluster's directory. */
  name(short: string): string {
    return `${this.id}-${short}`;
  }

  file(short: string): string {
    return `clusters/${this.name(short)}/cluster.yaml`;
  }

  lock(short: string): string {
    return `clusters/${this.name(short)}/strata.lock`;
  }

  text(short: string, version: string): string {
    return clusterText(this.name(short), this.target(short).context, version);
  }

  /** The layer with this in its ConfigMap. */
  layer(value: string): Record<string, string> {
    return { [LAYER_FILE]: configMapText(this.id, value) };
  }

  commit(files: Readonly<Record<string, string>>, message?: string): Promise<string> {
    return commitFiles(this.dir, files, message);
  }

  /** The cluster of the target in which a cluster directory runs. */
  target(short: string): TargetCluster {
    const cluster = this.#target.clusters[this.options.clusters.indexOf(short)];
    if (cluster === undefined) throw new Error(`no cluster of the target is for "${short}"`);
    return cluster;
  }

  /** Starts an engine on a repository, by default the work tree; it has looked once. */
  async start(location: string = this.dir): Promise<Engine> {
    const engine = new Engine({
      id: this.id,
      repo: location === this.dir ? this.repo : await openTestRepository(location),
      interval: NEVER,
      log: { warn: () => undefined },
      connect: async (connection, cluster) => {
        const api = await this.#connect(connection, cluster);
        this.#apis.push(api);
        return api;
      },
    });
    this.#engines.push(engine);
    onTestFinished(() => engine.close());
    await engine.start();
    return engine;
  }

  /** Looks, waits until all clusters rest (or the named ones) and shows them in the order of their names. */
  sync(...shorts: readonly string[]): Promise<readonly ClusterView[]> {
    const names = shorts.length === 0 ? undefined : shorts.map((short) => this.name(short));
    return this.engine.sync(names, signal());
  }

  view(short: string): ClusterView {
    const view = this.engine.cluster(this.name(short));
    if (view === undefined) throw new Error(`the engine knows no cluster "${short}"`);
    return view;
  }

  /** What the cluster holds in the ConfigMap, or another one, asked of its server. */
  async running(short: string, name: string = this.id): Promise<unknown> {
    const { server, token, ca } = this.target(short);
    const api = connectServer({ server, token, ...(ca === undefined ? {} : { ca }) });
    try {
      const object = await api.get(CONFIG_MAPS, { namespace: "default", name }, signal());
      return isJsonObject(object?.data) ? object.data.value : undefined;
    } finally {
      await api.close();
    }
  }

  async #connect(connection: Connection, cluster: string): Promise<KubeApi> {
    if ("sandbox" in connection) throw new Error("these clusters are named by contexts");
    const { clusters, kubeconfig } = this.#target;
    const short = this.options.clusters.find((one) => cluster === this.name(one));
    if (short !== undefined && this.#through !== undefined) {
      const { server, token, ca } = this.target(short);
      const other = await this.#through(short, server);
      return connectServer({ server: other, token, ...(ca === undefined ? {} : { ca }) });
    }
    const allowedContexts = clusters.map(({ context }) => context);
    return connect(connection, { kubeconfig: [kubeconfig], allowedContexts });
  }

  /** Detaches the profile from every cluster, by a new engine that starts cold, and expects that they are healthy without it. */
  async leave(): Promise<void> {
    for (const engine of this.#engines) await engine.close();
    this.#through = undefined;
    const files: Record<string, string> = {};
    const paths = (await git(this.dir, "ls-files", "clusters/*/cluster.yaml")).split("\n");
    for (const path of paths.filter((one) => one !== "")) {
      const name = basename(dirname(path));
      const text = await readFile(join(this.dir, path), "utf8");
      const context = /context: ([a-z0-9-]+)/.exec(text)?.[1] ?? "";
      files[path] = clusterText(name, context, undefined);
      files[`clusters/${name}/strata.lock`] = "profiles: {}\n";
    }
    await this.commit(files, "Detach everything");
    await this.start();
    for (const { name, massDeletion } of await this.engine.sync(undefined, signal())) {
      if (massDeletion === undefined) continue;
      await this.commit({ [`clusters/${name}/strata.lock`]: `profiles: {}\nprune: "${massDeletion.id}"\n` });
    }
    const views = await this.engine.sync(undefined, signal());
    expect(views.map(({ name, health, blockedBy }) => ({ name, health, blockedBy }))).toEqual(
      views.map(({ name }) => ({ name, health: "healthy", blockedBy: [] })),
    );
    for (const short of this.options.clusters) expect(await this.running(short)).toBeUndefined();
  }
}

/** A repository whose clusters run `app` 1.0.0 with the value 1; no engine looks at it yet. */
export async function newFleet(target: Target, options: FleetOptions): Promise<Fleet> {
  const dir = await tempRepo();
  const fleet = new Fleet(target, options, dir, await openTestRepository(dir));
  const files = { [PROFILE_FILE]: profileText("1.0.0"), ...fleet.layer("1") };
  const clusters = options.clusters.map((short) => [fleet.file(short), fleet.text(short, "1.0.0")]);
  await fleet.commit({ ...files, ...Object.fromEntries(clusters) }, "Begin");
  onTestFinished(() => fleet.leave());
  return fleet;
}

/** The same, and an engine whose clusters all run it. */
export async function runningFleet(
  make: (options: FleetOptions) => Promise<Fleet>,
  ...clusters: readonly string[]
): Promise<Fleet> {
  const fleet = await make({ clusters });
  await fleet.start();
  const views = await fleet.sync();
  expect(views.map(({ health }) => health)).toEqual(clusters.map(() => "healthy"));
  return fleet;
}
