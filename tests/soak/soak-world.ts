import { approvePrune } from "../../engine/actions/index.ts";
import { cases } from "../faults/cases.ts";
import { clusterText } from "../sync/fleet-files.ts";
import { changeRepository } from "./change-repository.ts";
import { Drifter } from "./change-cluster.ts";
import { profileFiles } from "./content.ts";
import { Figures } from "./figures.ts";
import { SoakModel } from "./model.ts";
import type { Operation } from "./operations.ts";
import { pickOne } from "./random.ts";
import type { SoakCluster } from "./soak-cluster.ts";
import type { SoakEngine } from "./soak-engine.ts";
import { lockProblems, tagProblems } from "./compare-repository.ts";
import { newSoakRepository, type SoakRepository } from "./soak-repository.ts";

/** The Namespace, the definition, the settings and a Service. */
const IN_EVERY_VERSION =
  /\/(namespaces\/[^/?]+|customresourcedefinitions\/[^/]+|configmaps\/settings|services\/always)(\?|$)/;

/** One fleet: a repository, its clusters, and the engine that keeps both together through all that happens. */
export class SoakWorld {
  readonly name: string;
  readonly model: SoakModel;
  readonly repository: SoakRepository;
  readonly clusters: readonly SoakCluster[];
  readonly figures = new Figures();
  readonly #drifter = new Drifter();
  /** Up to where the requests and the states of a cluster were judged. */
  readonly #judged = new Map<string, { readonly seen: number; readonly states: number }>();
  /** What ends by itself after so many more operations. */
  #lasting: { left: number; readonly end: () => Promise<void> | void }[] = [];

  constructor(name: string, repository: SoakRepository, clusters: readonly SoakCluster[]) {
    this.name = name;
    this.repository = repository;
    this.clusters = clusters;
    this.model = new SoakModel(clusters.map((cluster) => cluster.name));
  }

  /** Does one operation; the engines are those of the fleet. */
  async run(operation: Operation, engine: SoakEngine, others: OtherOperations): Promise<void> {
    await this.#age();
    const done = await this.#run(operation, engine, others);
    this.figures.count(operation.kind, done);
  }

  async #run(operation: Operation, engine: SoakEngine, others: OtherOperations): Promise<boolean> {
    const { kind, at, pick } = operation;
    const cluster = pickOne(this.clusters, at);
    switch (kind) {
      case "change-object":
      case "delete-object":
        return this.#drifter.drift(cluster, this.model.running(cluster.name), operation);
      case "fault": {
        const { fault, rules, cuts } = pickOne(cases, pick);
        cluster.proxy.setRules(...rules(this.name));
        // An engine at rest asks for nothing
        if (cuts === true || (pick >>> 16) % 3 > 0) cluster.proxy.cutWatches();
        this.#last(pick, () => {
          this.figures.meet(fault, cluster.proxy.met);
          cluster.proxy.setRules();
          // A connection that trickles would go on for long
          cluster.proxy.cutWatches();
        });
        return true;
      }
      case "cut-watches":
        cluster.proxy.cutWatches();
        return true;
      case "kill":
        await engine.kill();
        this.#last(pick, () => engine.start());
        return true;
      case "freeze":
      case "rival":
        return others(operation, (end) => this.#last(pick, end));
      default:
        return (await changeRepository(this.#changing(), operation)) ?? false;
    }
  }

  /** All that lasts ends, and then all must come right by itself: returns what does not within `within` milliseconds. */
  async settle(engine: SoakEngine, within: number): Promise<readonly string[]> {
    for (const { end } of this.#lasting.splice(0)) await end();
    await this.repository.pass();
    const deadline = Date.now() + within;
    for (;;) {
      const wrong = await this.#problems(engine);
      if (wrong.length === 0) return this.#wrongDeletes();
      if (Date.now() > deadline) return wrong;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  /** An engine that starts cold has nothing to write: returns what it wrote. */
  async restartCold(engine: SoakEngine, within: number): Promise<readonly string[]> {
    await engine.kill();
    const before = this.clusters.map(({ proxy }) => proxy.seen.length);
    await engine.start();
    const wrong = await this.settle(engine, within);
    const wrote = this.clusters.flatMap(({ name, proxy }, index) =>
      proxy.seen
        .slice(before[index])
        .filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${name}: a cold start sent ${method} ${path}`),
    );
    return [...wrong, ...wrote];
  }

  async close(): Promise<void> {
    for (const cluster of this.clusters) await cluster.close();
  }

  #changing() {
    const { repository, model, name } = this;
    const contextOf = (cluster: string): string =>
      this.clusters.find((one) => one.name === cluster)?.target.context ?? "";
    return { repository, model, name, contextOf };
  }

  #last(pick: number, end: () => Promise<void> | void): void {
    this.#lasting.push({ left: 1 + ((pick >>> 12) % 4), end });
  }

  async #age(): Promise<void> {
    const over = this.#lasting.filter((one) => one.left === 0);
    this.#lasting = this.#lasting.filter((one) => one.left > 0);
    for (const one of this.#lasting) one.left -= 1;
    for (const { end } of over) await end();
  }

  async #problems(engine: SoakEngine): Promise<string[]> {
    const views = await engine.views();
    const wrong: string[] = [];
    for (const cluster of this.clusters) {
      const view = views.find(({ name }) => name === cluster.name);
      if (view?.massDeletion !== undefined) await this.#approve(engine, cluster.name);
      const isDetached = this.model.running(cluster.name).version === undefined;
      const blocked = view?.blockedBy.filter(({ code }) => !isDetached || code !== "kept-namespace") ?? [];
      if (view?.health !== "healthy" || blocked.length > 0)
        wrong.push(`${cluster.name} is ${view?.health}: ${view?.message} ${JSON.stringify(blocked)}`);
    }
    wrong.push(...(await lockProblems(this)));
    if (wrong.length > 0) return wrong;
    for (const cluster of this.clusters)
      wrong.push(...(await cluster.problems(this.model.running(cluster.name))));
    if (wrong.length > 0) return wrong;
    return [...(await tagProblems(this)), ...(await this.repository.problems())];
  }

  /** Deletions of what every version has, where the cluster ran one all the time. */
  #wrongDeletes(): string[] {
    return this.clusters.flatMap(({ name, proxy }) => {
      const states = this.model.states(name);
      const before = this.#judged.get(name) ?? { seen: 0, states: 1 };
      this.#judged.set(name, { seen: proxy.seen.length, states: states.length });
      // The state that it had then is one of those since
      if (states.slice(before.states - 1).some(({ version }) => version === undefined)) return [];
      return proxy.seen
        .slice(before.seen)
        .filter(({ method, path }) => method === "DELETE" && IN_EVERY_VERSION.test(path))
        .map(({ path }) => `${name}: ${path} was deleted`);
    });
  }

  /** A person looks at what stopped, and lets it go on. */
  async #approve(engine: SoakEngine, cluster: string): Promise<void> {
    const now = await engine.prune(cluster);
    const plan = now.massDeletion?.id;
    if (plan === undefined) return;
    const approval = { cluster, plan, volumes: false, now };
    await this.repository.act((repo, options) => approvePrune(repo, approval, options));
    this.figures.count("approve-prune", true);
  }
}

/** Operations on the engine's process; they say what ends them to `last`. */
export type OtherOperations = (
  operation: Operation,
  last: (end: () => Promise<void> | void) => void,
) => Promise<boolean>;

/** A fleet whose clusters all are to run the first version; no engine looks at it yet. */
export async function newSoakWorld(name: string, clusters: readonly SoakCluster[]): Promise<SoakWorld> {
  const first = new SoakModel([]);
  const files = clusters.map((cluster) => [
    `clusters/${cluster.name}/cluster.yaml`,
    clusterText(cluster.name, cluster.target.context, first.main),
  ]);
  const profile = profileFiles(name, first.main, first.version(first.main).current);
  const repository = await newSoakRepository({ ...profile, ...Object.fromEntries(files) });
  return new SoakWorld(name, repository, clusters);
}
