import { isDeepStrictEqual } from "node:util";
import type { DesiredLayer } from "../model/desired.ts";
import type { Problem } from "../model/errors.ts";
import type { LayerState, LayerStatus } from "../model/status.ts";
import { applyItems } from "./apply-items.ts";
import { Attempts } from "./attempts.ts";
import { departures } from "./drift/departures.ts";
import { driftOf } from "./drift/drift-of.ts";
import { gateOf } from "./gate.ts";
import { wantedEntry } from "./inventory/model.ts";
import { healthOfItems } from "./layer-health.ts";
import { orderForApply } from "./order.ts";
import { type Item, planApply } from "./plan-apply.ts";
import { isRefused, resolveItem } from "./resolve-item.ts";
import type { SyncContext } from "./sync-context.ts";

/** One layer on its way: which of its objects the server has accepted, and how they are. */
export class LayerRun {
  readonly name: string;
  readonly #layer: DesiredLayer;
  readonly #context: SyncContext;
  /** One for each rendered object; undefined until its scope is known. */
  readonly #items: (Item | undefined)[];
  /** Those of `#items` that are known, and their order; counted again when one more is. */
  #known: readonly Item[] | undefined;
  #order: ReturnType<typeof orderForApply<Item>> | undefined;
  readonly #accepted = new Set<string>();
  /** Accepted, and not yet in the inventory as they are wanted. */
  readonly #unrecorded = new Set<Item>();
  /** Every object was accepted once. */
  #hasBeenAccepted = false;
  readonly #attempts = new Attempts();
  #state: LayerState = "pending";
  #message = "";
  #problems: readonly Problem[] = [];
  /** When the health of something may change by the clock alone. */
  #recheckAt: number | undefined;
  /** When something of it was last applied, or it was last healthy: its deadline counts from here. */
  #since: number | undefined;

  constructor(layer: DesiredLayer, context: SyncContext) {
    this.name = `${layer.profile}/${layer.name}`;
    this.#layer = layer;
    this.#context = context;
    this.#items = layer.objects.map(() => undefined);
  }

  get state(): LayerState {
    return this.#state;
  }

  /** The objects whose scope is known. */
  get items(): readonly Item[] {
    this.#known ??= this.#items.filter((item) => item !== undefined);
    return this.#known;
  }

  /** Whether every object was accepted once: its health counts although a layer before it is not healthy any more. */
  get hasHadItsTurn(): boolean {
    return this.#hasBeenAccepted && this.#state !== "pending";
  }

  /** Whether the server accepted every object. */
  get isAccepted(): boolean {
    return this.#accepted.size === this.#items.length;
  }

  get status(): LayerStatus {
    const { profile, name, type } = this.#layer;
    return { profile, name, type, state: this.#state, message: this.#message, problems: this.#problems };
  }

  /** When it must be driven again although nothing happens, in milliseconds of the clock. */
  get nextDue(): number | undefined {
    const due = [this.#attempts.nextDue, this.#openDeadline(), this.#recheckAt].filter(
      (time) => time !== undefined,
    );
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Finds out what can be sent for each object; what cannot yet is refused, and asked again when it is due. */
  async resolve(): Promise<void> {
    const { api, applySet, defined, schemaOf, signal, clock } = this.#context;
    const work = this.#layer.objects.map(async (desired, index) => {
      if (this.#items[index] !== undefined || !this.#attempts.isDue(slotKey(index), clock())) return;
      const item = await resolveItem(desired, { api, applySet, defined, schemaOf, layer: this.name, signal });
      if (isRefused(item)) return this.#attempts.refuse(slotKey(index), item, clock());
      this.#attempts.accept(slotKey(index));
      this.#items[index] = item;
      this.#known = undefined;
      this.#order = undefined;
    });
    await Promise.all(work);
  }

  /** An event may be what refused objects wait for. */
  hurry(): void {
    this.#attempts.hurry(this.#context.clock());
  }

  /** Goes as far as it can without waiting. Its turn has come: all layers before it are healthy. */
  async drive(): Promise<void> {
    this.#since ??= this.#context.clock();
    this.#order ??= orderForApply(this.items);
    this.#reopenChanged();
    for (const { rank, items } of this.#order) {
      for (const item of items) this.#skipUnchanged(item);
      const open = items.filter((item) => !this.#accepted.has(item.key));
      if (open.length === 0) continue;
      const gate = gateOf(rank, open, this.items, this.#context);
      if (gate !== undefined) return this.#waitFor(gate.message, [gate]);
      await this.#apply(open);
      if (this.#context.turn.wasRefused) return this.#waitForTurn();
      if (open.some((item) => !this.#accepted.has(item.key))) return this.#settleRefused();
    }
    if (!(await this.#record())) return this.#waitForTurn();
    if (!this.isAccepted) return this.#settleRefused();
    this.#hasBeenAccepted = true;
    this.#settleHealth();
  }

  /** What changed in the cluster since it was accepted is looked at again. */
  #reopenChanged(): void {
    const { changed } = this.#context;
    if (changed.size === 0) return;
    for (const { key } of this.items) if (changed.has(key)) this.#accepted.delete(key);
  }

  /** Accepts what is as last applied, and what is not but is left so, as two fight over it. */
  #skipUnchanged(item: Item): void {
    if (this.#accepted.has(item.key)) return;
    const { store, live, changed, drift } = this.#context;
    const entry = store.get(item.key);
    const known = {
      entry,
      facts: live.get(item.key),
      watched: live.isWatched({ ...item.id, version: item.version }),
    };
    if (entry === undefined) return;
    if (planApply(item, known) === "skip") {
      changed.delete(item.key);
      drift.calm(item);
    } else {
      const drifted = driftOf(item, known);
      if (drifted === undefined || !drift.isHeld(item, drifted)) return;
      changed.add(item.key);
      this.#attempts.accept(item.key);
    }
    if (entry.state !== "wanted" || entry.layer !== item.layer) this.#unrecorded.add(item);
    this.#accepted.add(item.key);
  }

  /** What is as last applied but stands otherwise in the inventory (it was to leave, or was in another layer). False where it is not our turn. */
  async #record(): Promise<boolean> {
    const { store, turn, signal } = this.#context;
    if (this.#unrecorded.size === 0) return true;
    if (!(await turn.claim(signal))) return false;
    for (const item of this.#unrecorded) {
      const entry = store.get(item.key);
      if (entry !== undefined) store.set(item.key, wantedEntry(entry, item.layer));
    }
    this.#unrecorded.clear();
    return true;
  }

  async #apply(open: readonly Item[]): Promise<void> {
    const { clock } = this.#context;
    const due = open.filter((item) => this.#attempts.isDue(item.key, clock()));
    if (due.length === 0) return;
    if (this.#state === "pending") this.#turn("applying", "", []);
    await applyItems(due, this.#context, (item, outcome) => {
      if (outcome.state !== "accepted") return this.#attempts.refuse(item.key, outcome, clock());
      this.#since = clock();
      this.#attempts.accept(item.key);
      this.#accepted.add(item.key);
    });
  }

  /** As the objects are rendered, so that the same errors are told in the same order. */
  #settleRefused(): void {
    const refusals = this.#items
      .map((item, index) => this.#attempts.refusalOf(item?.key ?? slotKey(index)))
      .filter((refusal) => refusal !== undefined);
    const wrong = refusals.filter((refusal) => refusal.state === "wrong");
    const why = (wrong[0] ?? refusals[0])?.problem.message ?? "";
    const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more)` : "";
    const problems = refusals.map((refusal) => refusal.problem);
    if (wrong.length > 0) return this.#turn("failed", `${why}${more}`, problems);
    this.#waitFor(`${why}${more}`, problems);
  }

  /** Another engine has the turn; that it takes long is not the layer's failure. */
  #waitForTurn(): void {
    const { problem } = this.#context.turn;
    if (problem !== undefined) this.#turn("waiting", problem.message, [problem]);
  }

  #waitFor(why: string, problems: readonly Problem[]): void {
    if (!this.#isLate()) return this.#turn("waiting", why, problems);
    this.#turn("failed", `not accepted within ${this.#layer.timeoutSeconds} s: ${why}`, problems);
  }

  #settleHealth(): void {
    const health = healthOfItems(this.items, this.#context);
    this.#recheckAt = health.recheckMs === undefined ? undefined : this.#context.clock() + health.recheckMs;
    const departed = departures(this.items, this.#context);
    if (health.state === "healthy") {
      this.#since = this.#context.clock();
      return this.#turn("healthy", departed.message, departed.problems);
    }
    const late = health.state === "progressing" && this.#isLate();
    const after = late ? `not ready within ${this.#layer.timeoutSeconds} s: ` : "";
    const state = health.state === "failed" || late ? "failed" : "applying";
    this.#turn(state, `${after}${health.message}`, [...departed.problems, ...health.problems]);
  }

  #turn(state: LayerState, message: string, problems: readonly Problem[]): void {
    const isSame = state === this.#state && message === this.#message;
    if (isSame && isDeepStrictEqual(problems, this.#problems)) return;
    this.#state = state;
    this.#message = message;
    this.#problems = problems;
    // What turned healthy is told with what comes next, so that a sync that changes nothing makes no noise.
    if (state !== "healthy") this.#context.publish();
  }

  #isLate(): boolean {
    const deadline = this.#deadline();
    return deadline !== undefined && this.#context.clock() >= deadline;
  }

  #deadline(): number | undefined {
    return this.#since === undefined ? undefined : this.#since + this.#layer.timeoutSeconds * 1000;
  }

  #openDeadline(): number | undefined {
    return this.#state === "waiting" || this.#state === "applying" ? this.#deadline() : undefined;
  }
}

/** The key of an object whose scope is not known yet. No object key has so few parts. */
function slotKey(index: number): string {
  return `#${index}`;
}
