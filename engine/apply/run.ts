import pLimit from "p-limit";
import type { KubeApi, ResourceType } from "../cluster/types.ts";
import { schemasAmong } from "../merge/index.ts";
import type { Desired } from "../model/desired.ts";
import type { LayerStatus, Leftovers } from "../model/status.ts";
import type { Problem } from "../model/errors.ts";
import type { MassDeletion } from "../model/mass-deletion.ts";
import { allDone } from "./all-done.ts";
import { backoff } from "./backoff.ts";
import { broughtBy } from "./definitions.ts";
import { autoscaledKeys } from "../render/autoscaled.ts";
import type { DriftLog } from "./drift/drift-log.ts";
import { intendedEntry } from "./inventory/model.ts";
import type { EntryKind } from "./inventory/entry-kinds.ts";
import type { InventoryStore } from "./inventory/store.ts";
import { LayerRun } from "./layer-run.ts";
import type { LiveObjects } from "./live/live-objects.ts";
import type { ServiceEndpoints } from "./live/service-endpoints.ts";
import type { WorkloadPods } from "./live/workload-pods.ts";
import { type Leaving, leavingLayers } from "./leaving-layers.ts";
import { leftoversOf } from "./leftovers.ts";
import type { Item } from "./plan-apply.ts";
import { PruneRun } from "./prune/prune-run.ts";
import type { SyncContext } from "./sync-context.ts";
import type { Turn } from "./turn/turn-keeper.ts";

/** Writing requests at a time in one cluster: few for few objects, as each takes a connection and its handshake. */
const PARALLEL = { least: 4, most: 64, objectsForEach: 16 };
/** A kind of which discovery is in doubt is asked for again. Milliseconds. */
const UNKNOWN = { first: 2_000, most: 60_000 };

export interface RunOptions {
  readonly api: KubeApi;
  readonly store: InventoryStore;
  readonly live: LiveObjects;
  readonly pods: WorkloadPods;
  readonly endpoints: ServiceEndpoints;
  readonly drift: DriftLog;
  readonly turn: Turn;
  /** Ends requests: the session is closed. */
  readonly signal: AbortSignal;
  /** A newer desired state came. */
  readonly superseded: AbortSignal;
  readonly clock: () => number;
  readonly publish: () => void;
}

/**
 * One desired state on its way into the cluster. `advance` goes as far as it can without waiting and may be called
 * again at any time, also after it failed half-way: what is done is known and not done again.
 */
export class SyncRun {
  readonly desired: Desired;
  readonly #context: SyncContext;
  readonly #steps: readonly (readonly LayerRun[])[];
  readonly #prune: PruneRun;
  /** The layers whose turn it is. */
  readonly #driven = new Set<LayerRun>();
  #isGone = false;
  /** Looks in a row at which the cluster could not tell whether it serves a kind, and when the next one is due. */
  #unknownRounds = 0;
  #unknownDue: number | undefined;

  constructor(desired: Desired, options: RunOptions) {
    this.desired = desired;
    const objects = desired.steps.flat().flatMap((layer) => layer.objects.map(({ object }) => object));
    this.#context = {
      ...options,
      applySet: options.store.applySet,
      ...broughtBy(objects),
      newNamespaces: new Set(),
      attempted: new Set(),
      changed: new Set(),
      schemaOf: schemasAmong(objects),
      autoscaled: autoscaledKeys(objects),
      limit: pLimit(parallelFor(Math.max(objects.length, options.store.entries().size))),
    };
    this.#steps = desired.steps.map((step) => step.map((layer) => new LayerRun(layer, this.#context)));
    const order = desired.uninstall?.map(({ profile, name }) => `${profile}/${name}`).toReversed();
    this.#prune = new PruneRun(this.#context, order === undefined ? { approved: desired.prune } : { order });
  }

  /** In install order. */
  get layers(): readonly LayerStatus[] {
    const { uninstall } = this.desired;
    if (uninstall !== undefined) return leavingLayers(uninstall, this.#leaving);
    return this.#steps.flat().map((layer) => layer.status);
  }

  /** What an uninstall leaves so far; undefined for anything else. */
  get leftovers(): Leftovers | undefined {
    if (this.desired.uninstall === undefined) return undefined;
    return leftoversOf(this.#leaving, this.#prune.released);
  }

  get #leaving(): Leaving {
    const { kept, waiting } = this.#prune;
    // Once the inventory is gone, only what was kept is left
    return { entries: this.#isGone ? new Map() : this.#context.store.entries(), kept, waiting };
  }

  /** The objects whose scope is known. */
  get items(): readonly Item[] {
    return this.#steps.flat().flatMap((layer) => layer.items);
  }

  /** What keeps the prune from beginning. */
  get massDeletion(): MassDeletion | undefined {
    return this.#prune.massDeletion;
  }

  /** What pruning kept, or still waits for. */
  get pruneProblems(): readonly Problem[] {
    return this.#prune.problems;
  }

  /** An uninstall has ended, and its inventory is gone too. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Every object was accepted or refused for good, and pruning ended (or cannot begin). */
  get isApplied(): boolean {
    if (this.massDeletion !== undefined) return false;
    // What is uninstalled has its inventory taken away yet
    if (this.desired.uninstall !== undefined && this.#prune.isDone) return this.#isGone;
    return this.#isAccepted ? this.#prune.isSettled : this.isBlocked;
  }

  /** Each layer is healthy or failed, or waits for one that failed; and pruning ended or was stopped, where it could begin. */
  get isSettled(): boolean {
    if (!this.isApplied && this.massDeletion === undefined) return false;
    return this.isBlocked || this.#steps.flat().every((layer) => layer.state === "healthy");
  }

  /** The first step that is not healthy has no layer on its way any more. */
  get isBlocked(): boolean {
    const step = this.#steps.find((layers) => layers.some((layer) => layer.state !== "healthy"));
    return step !== undefined && step.every((layer) => layer.state === "healthy" || layer.state === "failed");
  }

  /** When it must be advanced although nothing happens, in milliseconds of the clock. */
  get nextDue(): number | undefined {
    const layers = [...this.#driven].map((layer) => layer.nextDue);
    const due = [...layers, this.#pruneDue(), this.#unknownDue, this.#context.drift.nextDue];
    const known = due.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  #pruneDue(): number | undefined {
    return this.#isAccepted && !this.#isGone ? this.#prune.nextDue : undefined;
  }

  get #isAccepted(): boolean {
    return this.#steps.flat().every((layer) => layer.isAccepted);
  }

  /** An object of ours changed in the cluster, or is gone. */
  note(key: string): void {
    this.#context.changed.add(key);
  }

  /** Something changed in the cluster. */
  hurry(): void {
    for (const layer of this.#steps.flat()) layer.hurry();
    this.#prune.hurry();
  }

  /**
   * Goes as far as it can without waiting.
   * @throws where the cluster cannot be reached, or the inventory cannot be written
   */
  async advance(): Promise<void> {
    const { store, turn, signal, superseded } = this.#context;
    if (this.desired.uninstall !== undefined) return this.#uninstall();
    const layers = this.#steps.flat();
    await allDone(layers.map((layer) => layer.resolve()));
    await this.#writeAhead();
    if (!store.loaded) return;
    await this.#watchKinds();
    let open = true;
    this.#driven.clear();
    for (const step of this.#steps) {
      if (superseded.aborted) break;
      const driven = step.filter((layer) => open || layer.hasHadItsTurn);
      for (const layer of driven) this.#driven.add(layer);
      await allDone(driven.map((layer) => layer.drive()));
      if (!store.loaded) return;
      open &&= step.every((layer) => layer.state === "healthy");
    }
    await this.#watchKinds();
    const isOpen = (): boolean => !superseded.aborted && !turn.wasRefused && this.#isAccepted;
    if (isOpen()) await this.#prune.advance(new Set(this.items.map((item) => item.key)));
    // A set that waits for a word is not finished: what leaves is counted against the one before
    const stands = isOpen() && this.massDeletion === undefined && !store.isFinished;
    if (stands && (await turn.claim(signal))) return store.finish(signal);
    if (turn.isHeld) await store.flush(signal);
  }

  /** Takes everything away that the inventory has, and the inventory last. */
  async #uninstall(): Promise<void> {
    const { store, turn, signal, superseded } = this.#context;
    if (this.#isGone) return;
    await this.#watchKinds();
    await this.#prune.advance(new Set());
    if (turn.isHeld) await store.flush(signal);
    if (superseded.aborted || !this.#prune.isDone) return;
    if (store.parent !== undefined) {
      if (!(await turn.claim(signal))) return;
      await this.#prune.releaseKept();
      await store.dispose(signal);
    }
    this.#isGone = true;
  }

  /** What is about to come into the cluster stands in the inventory before. */
  async #writeAhead(): Promise<void> {
    const { store, turn, signal } = this.#context;
    const fresh = this.items.filter((item) => !store.isRecorded(item.key));
    const intended = fresh.filter(({ key }) => store.get(key) === undefined);
    const entries = intended.map(({ id, version, layer }) => intendedEntry(id, version, layer));
    if (fresh.length > 0) await turn.writeAhead(entries, signal);
  }

  /**
   * One watch for each kind that the inventory has, at the version at which it is applied. A sync may bring the
   * definition of one. Where the cluster cannot tell whether it serves a kind, its watch stays, and it is asked again.
   */
  async #watchKinds(): Promise<void> {
    const { api, live, store, signal, clock } = this.#context;
    const served = new Map<ResourceType, ReadonlySet<string>>();
    const unknown: EntryKind["query"][] = [];
    for (const { query, namespaces } of store.kinds()) {
      const found = await api.discovery.resolve(query, signal);
      if (found.state === "served") served.set(found.type, namespaces);
      if (found.state === "unknown") unknown.push(query);
    }
    live.retain([...served.keys(), ...unknown]);
    await live.watch(served, signal);
    this.#unknownRounds = unknown.length === 0 ? 0 : this.#unknownRounds + 1;
    this.#unknownDue = unknown.length === 0 ? undefined : clock() + backoff(this.#unknownRounds, UNKNOWN);
  }
}

function parallelFor(objects: number): number {
  const { least, most, objectsForEach } = PARALLEL;
  return Math.min(most, least + Math.floor(objects / objectsForEach));
}
