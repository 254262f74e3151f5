import type { ChoiceRules } from "../apply/inventory/choose.ts";
import type { TurnIdentity } from "../apply/turn/turn-keeper.ts";
import { viewClusters, withLive } from "../fleet/cluster-views.ts";
import { createKnownViews } from "../fleet/known-views.ts";
import { viewProfiles } from "../fleet/profile-views.ts";
import { createRenderer, type Renderer } from "../fleet/render-cluster.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import type { PlanView } from "../model/plan.ts";
import type { ClusterLive } from "../model/status.ts";
import type { ClusterView, DiffView, ProfileView, PruneView, WorkloadView } from "../model/view.ts";
import type { ClusterEntry } from "../repo/snapshot.ts";
import type { RepoState } from "../repo/state.ts";
import { askDiff, askPrune, askUpdates, type Asked } from "./ask-cluster.ts";
import { bounded } from "./bounded.ts";
import { ClusterRunner, type Managed, UNKNOWN } from "./cluster-runner.ts";
import { targetOf } from "./cluster-target.ts";
import { Conditions } from "./conditions.ts";
import { leftMain } from "./deleted-clusters.ts";
import type { EngineOptions } from "./engine-options.ts";
import { EventLog } from "./event-log.ts";
import { driftEvent, liveEvents, startedEvent } from "./live-events.ts";
import { Removals } from "./removals.ts";
import { passRepository } from "./repository-pass.ts";
import { turnIdentity } from "./turn-identity.ts";
import { watchRefs } from "./watch-refs.ts";

const RETRY_MS = 5_000;

/**
 * The loop: looks at the repository when its refs move, aims every cluster whose approved content changed, and knows
 * the live state of all. One pass runs at a time; what happens meanwhile is one more pass.
 */
export class Engine {
  readonly events = new EventLog(Date.now());
  readonly #options: EngineOptions;
  readonly #renderer: Renderer;
  readonly #clusters = new Map<string, Managed>();
  readonly #closing = new AbortController();
  readonly #conditions: Conditions;
  readonly #removals: Removals;
  readonly #turns: TurnIdentity;
  readonly #viewOne = createKnownViews();
  #views: ReadonlyMap<string, ClusterView> = new Map();
  /** The views at which all clusters were aimed last: whose view is still that very one is aimed right. */
  #aimed: ReadonlyMap<string, ClusterView> = new Map();
  #state: RepoState | undefined;
  /** Why the last pass could not read the repository. */
  #failure: EngineError | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #endWatch: (() => Promise<void>) | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#renderer = createRenderer(options.repo.reader);
    const { repo, log } = options;
    this.#turns = turnIdentity(options.id, repo.git, (commit) => this.#isTip(commit));
    this.#conditions = new Conditions(this.events, log);
    this.#removals = new Removals({
      repo,
      events: this.events,
      conditions: this.#conditions,
      viewOf: (name) => this.cluster(name),
      onDue: () => void this.look(),
    });
  }

  /** Looks once and keeps looking: at every move of a local ref, at a remote on an interval. */
  async start(): Promise<void> {
    const { git } = this.#options.repo;
    if (git.remote === undefined) this.#endWatch = await watchRefs(git.dir, () => void this.look());
    else this.#schedule(this.#options.interval);
    await this.look();
  }

  /** Reads the repository afresh and aims what changed. A pass that cannot read it is a condition and is tried again. */
  look(): Promise<void> {
    if (this.#looking === undefined) this.#looking = this.#lookUntilQuiet();
    else this.#again = true;
    return this.#looking;
  }

  fleet(): ClusterView[] {
    return [...this.#views.keys()].flatMap((name) => this.cluster(name) ?? []);
  }

  cluster(name: string): ClusterView | undefined {
    const view = this.#views.get(name);
    const live = this.#clusters.get(name)?.runner.live() ?? UNKNOWN;
    return view === undefined ? undefined : withLive(view, live);
  }

  workloads(name: string, namespace?: string): readonly WorkloadView[] {
    return this.#require(name).runner.workloads(namespace);
  }

  async diff(name: string, signal: AbortSignal): Promise<DiffView> {
    return askDiff(this.#asked(name), signal);
  }

  /** As {@link askUpdates}. Throws `cluster-unknown` too. */
  async updates(
    name: string,
    options: { readonly serverDryRun: boolean; readonly signal: AbortSignal },
  ): Promise<readonly PlanView[]> {
    const { repository } = this.#require(name);
    const state = this.#state;
    if (state === undefined) return [];
    const fleet = { reader: this.#options.repo.reader, renderer: this.#renderer, state };
    return askUpdates(fleet, this.#asked(name), { ...options, repository });
  }

  /** As {@link askPrune}, at main's tip. Throws `cluster-unknown` too. */
  async prune(name: string, signal: AbortSignal): Promise<PruneView> {
    await bounded(this.look(), signal);
    return askPrune(this.#asked(name), this.#rules(name), signal);
  }

  async profiles(): Promise<readonly ProfileView[]> {
    return this.#state === undefined ? [] : viewProfiles(this.#state);
  }

  /**
   * Looks now, waits until the named clusters (or all that this engine cares for) settled or went, and shows them.
   * Throws `cluster-unknown`, and why the repository cannot be read where it never was.
   */
  async sync(names: readonly string[] | undefined, signal: AbortSignal): Promise<readonly ClusterView[]> {
    await bounded(this.look(), signal);
    if (this.#state === undefined && this.#failure !== undefined) throw this.#failure;
    const chosen = names ?? [...this.#clusters.keys()];
    const present = chosen.filter((name) => this.#removals.deleted.get(name) === undefined);
    const runners = present.map((name) => this.#require(name).runner);
    await bounded(Promise.all(runners.map((runner) => runner.rested())), signal);
    // What is uninstalled leaves the repository with the next pass
    if (runners.some((runner) => runner.live().uninstalled === true)) await bounded(this.look(), signal);
    return chosen.flatMap((name) => this.cluster(name) ?? this.#removals.deleted.get(name) ?? []);
  }

  ready(): { readonly ready: boolean; readonly problems: readonly Problem[] } {
    return { ready: this.#state !== undefined, problems: this.#conditions.all };
  }

  head(): string | null {
    return this.#state?.snapshot.commit ?? null;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#removals.close();
    await this.#endWatch?.();
    await this.#looking;
    await Promise.all([...this.#clusters.values()].map(({ runner }) => runner.close()));
  }

  async #lookUntilQuiet(): Promise<void> {
    try {
      do {
        this.#again = false;
        await this.#pass().catch((error: unknown) => this.#report(error));
      } while (this.#again && !this.#closing.signal.aborted);
    } finally {
      // Here and not where it is awaited: who asks for a look from now on starts a new one.
      this.#looking = undefined;
    }
  }

  async #pass(): Promise<void> {
    const { repo } = this.#options;
    const before = this.#state?.snapshot.commit;
    const { state, conditions, isRefused } = await passRepository(
      repo,
      this.#renderer,
      (event) => this.events.add(event),
      this.#closing.signal,
    );
    this.#conditions.set(conditions);
    // A remote is looked at again anyway
    if (isRefused && repo.git.remote === undefined) this.#schedule(RETRY_MS);
    const live = (name: string) => this.#clusters.get(name)?.runner.live();
    if (await this.#removals.run(state, live, this.#closing.signal)) {
      this.#again = true;
      return;
    }
    const fleet = { reader: repo.reader, renderer: this.#renderer, state };
    const views = await viewClusters(fleet, this.#viewOne);
    this.#state = state;
    this.#failure = undefined;
    this.#views = new Map(views.map((view) => [view.name, view]));
    const commit = state.snapshot.commit;
    if (commit !== null && commit !== before)
      this.events.add({ type: "commit", commit, message: `main is at ${commit.slice(0, 12)}` });
    await this.#aimAll(state);
    this.#aimed = this.#views;
  }

  async #aimAll(state: RepoState): Promise<void> {
    const { repo } = this.#options;
    const { commit } = state.snapshot;
    const root = commit === null ? "" : await repo.git.rootCommit(commit);
    for (const [name, managed] of this.#clusters) {
      if (state.snapshot.clusters.has(name)) continue;
      this.#clusters.delete(name);
      await managed.runner.close();
      if (this.#removals.deleted.get(name) === undefined)
        this.events.add(leftMain(name, managed.isLeaving, this.#views.get(name)));
    }
    for (const entry of state.snapshot.clusters.values()) {
      if (this.#options.only?.has(entry.name) === false) continue;
      const isNew = await this.#aim(entry, state, root);
      if (!isNew) this.#clusters.get(entry.name)?.runner.stands(commit ?? "");
    }
  }

  /** Begins with what a cluster shall be; false where that is what it was before. */
  async #aim(entry: ClusterEntry, state: RepoState, root: string): Promise<boolean> {
    const { name } = entry;
    const isSame = this.#clusters.get(name)?.repository === root;
    if (isSame && this.#aimed.get(name) === this.#views.get(name)) return false;
    const { key, target } = await targetOf(this.#options.repo.reader, this.#renderer, state, entry, root);
    const managed = await this.#managed(name, root);
    managed.isLeaving = entry.cluster?.spec.deletion !== undefined;
    if (managed.key === key) return false;
    managed.target = await target();
    managed.key = key;
    this.events.add(startedEvent(name, this.head()));
    void managed.runner.aim(managed.target);
    return true;
  }

  async #managed(cluster: string, repository: string): Promise<Managed> {
    const known = this.#clusters.get(cluster);
    if (known?.repository === repository) return known;
    // A main of another history is another repository: its clusters are not those that ran
    await known?.runner.close();
    this.#removals.deleted.forget(cluster);
    const runner = new ClusterRunner({
      cluster,
      repository,
      connect: this.#options.connect,
      ...this.#rules(cluster),
      turns: this.#turns,
      onChange: (live, before) => this.#onLive(cluster, live, before),
      onDrift: (notice) => this.events.add(driftEvent(cluster, notice)),
      log: this.#options.log,
    });
    const managed: Managed = { runner, repository, key: "", isLeaving: false, target: undefined };
    this.#clusters.set(cluster, managed);
    return managed;
  }

  #onLive(cluster: string, live: ClusterLive, before: ClusterLive): void {
    for (const event of liveEvents(cluster, before, live)) this.events.add(event);
    if (live.uninstalled === true && before.uninstalled !== true) void this.look();
  }

  /** Looks again: whether main is at this commit, as far as the repository could be read. */
  async #isTip(commit: string): Promise<boolean> {
    await this.look();
    return this.#failure === undefined && this.head() === commit;
  }

  #report(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#failure = this.#conditions.fail(error);
    this.#schedule(Math.min(RETRY_MS, this.#options.interval));
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => {
      void this.look().finally(() => {
        if (this.#options.repo.git.remote !== undefined) this.#schedule(this.#options.interval);
      });
    }, delay);
  }

  /** Which inventory is the cluster's. */
  #rules(cluster: string): ChoiceRules {
    return {
      isDirectory: (name) => this.#state?.snapshot.clusters.has(name) ?? true,
      takesOver: this.#options.takeOver?.has(cluster) ?? false,
    };
  }

  #asked(cluster: string): Asked {
    const { runner, target } = this.#require(cluster);
    return { cluster, commit: this.head() ?? "", target, runner };
  }

  #require(name: string): Managed {
    const managed = this.#clusters.get(name);
    if (managed !== undefined) return managed;
    throw new EngineError("cluster-unknown", `there is no cluster "${name}"`, {
      hint: "`strata cluster list` shows what there is",
    });
  }
}
