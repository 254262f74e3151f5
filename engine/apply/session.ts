import { retryAfter } from "../cluster/retry-after.ts";
import type { Desired } from "../model/desired.ts";
import { EngineError } from "../model/errors.ts";
import type { ClusterLive, LastSync } from "../model/status.ts";
import type { WorkloadView } from "../model/view.ts";
import { backoff } from "./backoff.ts";
import { DriftLog } from "./drift/drift-log.ts";
import { InventoryStore } from "./inventory/store.ts";
import { healthOfItem } from "./layer-health.ts";
import type { LiveFacts } from "./live/facts.ts";
import { LiveObjects } from "./live/live-objects.ts";
import { ServiceEndpoints } from "./live/service-endpoints.ts";
import { WorkloadPods } from "./live/workload-pods.ts";
import { findLabelled } from "./rebuild.ts";
import { SyncRun } from "./run.ts";
import type { ClusterSession, ClusterSessionOptions, SyncOutcome } from "./session-types.ts";
import { clusterLive } from "./cluster-live.ts";
import { type Trouble, troubleOf } from "./trouble.ts";
import { TurnKeeper } from "./turn/turn-keeper.ts";
import { Wake } from "./wake.ts";

/** Opens a session; it sends nothing before the first sync. */
export function openClusterSession(options: ClusterSessionOptions): ClusterSession {
  return new Session(options);
}

/** A cluster that does not answer, or that refuses what nobody can apply without, is tried again for ever. Milliseconds. */
const RETRY = { first: 1_000, most: 60_000 };
/** Passes keep this distance, in milliseconds, where no event asks for one. */
const LEAST_WAIT = 50;

interface ActiveSync {
  readonly desired: Desired;
  /** The commits at which the repository says so, the newest last. */
  commits: readonly string[];
  readonly superseded: AbortSignal;
  readonly supersede: () => void;
  readonly startedAt: string;
  readonly settle: (outcome: SyncOutcome) => void;
  run?: SyncRun;
  finishedAt?: string;
  trouble?: Trouble;
}

class Session implements ClusterSession {
  readonly #options: ClusterSessionOptions;
  readonly #now: () => number;
  readonly #clock: () => number;
  readonly #store: InventoryStore;
  readonly #closing = new AbortController();
  readonly #wake = new Wake();
  readonly #endpoints: ServiceEndpoints;
  readonly #pods: WorkloadPods;
  readonly #drift: DriftLog;
  readonly #turn: TurnKeeper;
  #live: LiveObjects | undefined;
  #active: ActiveSync | undefined;
  #ended: Promise<void> = Promise.resolve();
  #published = "";

  constructor(options: ClusterSessionOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#clock = options.clock ?? (() => performance.now());
    const owner = { repository: options.repository, cluster: options.cluster };
    this.#store = new InventoryStore({
      api: options.api,
      owner,
      engine: options.engine,
      isDirectory: options.isDirectory ?? (() => true),
      takesOver: options.takesOver ?? false,
    });
    this.#turn = new TurnKeeper({
      api: options.api,
      store: this.#store,
      engine: options.engine,
      isAncestor: options.isAncestor,
      isTip: options.isTip,
      onChange: () => this.#wake.ring(),
      clock: this.#clock,
    });
    this.#endpoints = new ServiceEndpoints(options.api, () => this.#onEvent());
    this.#drift = new DriftLog({ clock: this.#clock, onNotice: (notice) => options.onDrift?.(notice) });
    this.#pods = new WorkloadPods({ api: options.api, now: this.#now, onChange: () => this.#onEvent() });
  }

  async sync(desired: Desired, signal: AbortSignal): Promise<SyncOutcome> {
    this.#active?.supersede();
    const superseding = new AbortController();
    const superseded = AbortSignal.any([signal, superseding.signal, this.#closing.signal]);
    const { promise, resolve } = Promise.withResolvers<SyncOutcome>();
    const active: ActiveSync = {
      desired,
      commits: [desired.commit],
      superseded,
      supersede: () => superseding.abort(),
      startedAt: new Date(this.#now()).toISOString(),
      settle: resolve,
    };
    this.#active = active;
    this.#ended = this.#ended.then(() => this.#drive(active));
    return promise;
  }

  stands(commit: string): void {
    const active = this.#active;
    if (active === undefined) return;
    active.commits = [active.desired.commit, commit];
    if (!this.#turn.isHeld) this.#wake.ring();
  }

  live(): ClusterLive {
    const active = this.#active;
    const last = active === undefined ? {} : { lastSync: lastSyncOf(active) };
    return clusterLive({
      desired: active?.desired,
      run: active?.run,
      trouble: active?.trouble,
      holder: this.#turn.problem,
      urls: (this.#live?.all() ?? []).flatMap((facts) => facts.urls),
      ...last,
    });
  }

  workloads(namespace?: string): readonly WorkloadView[] {
    const live = this.#live;
    const items = this.#active?.run?.items ?? [];
    if (live === undefined) return [];
    return items
      .filter(({ id }) => namespace === undefined || id.namespace === namespace)
      .map((item) => {
        const { health, message } = healthOfItem(item, { store: this.#store, live, pods: this.#pods });
        const { kind, name } = item.id;
        const ready = live.get(item.key)?.ready ?? "";
        return { layer: item.layer, kind, namespace: item.id.namespace, name, health, message, ready };
      });
  }

  async close(): Promise<void> {
    this.#closing.abort(new EngineError("session-closed", "the session was closed"));
    await this.#ended;
    this.#live?.close();
    this.#endpoints.close();
    this.#pods.close();
    this.#turn.close();
  }

  /** Drives one desired state until it is superseded: pass after pass, each as far as it goes without waiting. */
  async #drive(active: ActiveSync): Promise<void> {
    let failures = 0;
    let asked = 0;
    while (!active.superseded.aborted) {
      try {
        await this.#pass(active);
        // What happened during this pass rang no bell while there was trouble
        if (failures > 0) this.#wake.ring();
        failures = 0;
        delete active.trouble;
      } catch (error) {
        if (active.superseded.aborted) break;
        failures += 1;
        active.trouble = troubleOf(error);
        asked = retryAfter(error);
        this.#options.log?.warn(
          { err: error, cluster: this.#options.cluster },
          "a sync cannot go on for now",
        );
      }
      this.#settle(active);
      this.#publish();
      if (failures === 0) await this.#wait(active);
      else await this.#wake.wait(Math.max(backoff(failures, RETRY), asked), active.superseded);
    }
    active.settle({ state: "superseded" });
  }

  async #pass(active: ActiveSync): Promise<void> {
    if (active.run?.isGone === true) return;
    const live = await this.#open(active);
    active.run ??= new SyncRun(active.desired, {
      api: this.#options.api,
      store: this.#store,
      live,
      pods: this.#pods,
      endpoints: this.#endpoints,
      drift: this.#drift,
      turn: this.#turn,
      signal: this.#closing.signal,
      superseded: active.superseded,
      clock: this.#clock,
      publish: () => this.#publish(),
    });
    await active.run.advance();
    if (active.run.isGone) this.#turn.dispose();
    this.#turn.end();
  }

  /**
   * Reads the inventory where it is not known, or another engine wrote it; a lost one is put together again from the
   * objects themselves. What was under way in another engine's turn is planned anew.
   */
  async #open(active: ActiveSync): Promise<LiveObjects> {
    const { api } = this.#options;
    const signal = this.#closing.signal;
    if (this.#turn.isBehind) this.#store.unload();
    const isFresh = !this.#store.loaded;
    if (isFresh) {
      const { lost } = await this.#store.load(signal);
      if (lost) await this.#rebuild(signal);
      if (!this.#store.isOwn) delete active.run;
    }
    await this.#turn.begin(active.commits, isFresh);
    this.#live ??= new LiveObjects({
      api,
      applySet: this.#store.applySet,
      entryOf: (key) => this.#store.get(key),
      onChange: (key, facts) => this.#onFacts(key, facts),
      onWatch: () => this.#wake.ring(),
      now: this.#now,
    });
    return this.#live;
  }

  async #rebuild(signal: AbortSignal): Promise<void> {
    try {
      for (const entry of await findLabelled(this.#options.api, this.#store.applySet, signal)) {
        this.#store.addFound(entry);
      }
    } catch (error) {
      this.#store.unload();
      throw error;
    }
  }

  #onFacts(key: string, facts: LiveFacts | undefined): void {
    this.#pods.note(key, facts);
    const entry = this.#store.get(key);
    const ended = facts?.job;
    if (ended !== undefined && entry?.uid === facts?.uid && entry !== undefined && entry.job !== ended) {
      this.#store.set(key, { ...entry, job: ended });
    }
    this.#active?.run?.note(key);
    this.#onEvent();
  }

  #onEvent(): void {
    this.#active?.run?.hurry();
    if (this.#active?.trouble === undefined) this.#wake.ring();
  }

  #settle(active: ActiveSync): void {
    const applied = active.trouble === undefined && active.run?.isApplied === true;
    if (applied) active.finishedAt ??= new Date(this.#now()).toISOString();
    const settled =
      active.trouble === undefined ? active.run?.isSettled === true : active.trouble.kind === "blocked";
    if (settled) active.settle({ state: "settled", live: this.live() });
  }

  async #wait(active: ActiveSync): Promise<void> {
    const due = active.run?.nextDue;
    const own = due === undefined ? undefined : due - this.#clock();
    const milliseconds = this.#turn.wasRefused ? this.#turn.dueInMs : own;
    const wait = milliseconds === undefined ? undefined : Math.max(LEAST_WAIT, milliseconds);
    await this.#wake.wait(wait, active.superseded);
  }

  #publish(): void {
    const live = this.live();
    const text = JSON.stringify(live);
    if (text === this.#published) return;
    this.#published = text;
    this.#options.onChange(live);
  }
}

function lastSyncOf({ desired, startedAt, finishedAt }: ActiveSync): LastSync {
  return { commit: desired.commit, startedAt, ...(finishedAt === undefined ? {} : { finishedAt }) };
}
