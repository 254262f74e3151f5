import type { Problem } from "../../model/errors.ts";
import { describeId } from "../../model/kube-object.ts";
import { isVolume, type MassDeletion } from "../../model/mass-deletion.ts";
import { allDone } from "../all-done.ts";
import { backoff } from "../backoff.ts";
import type { Entry } from "../inventory/model.ts";
import { listInventories } from "../inventory/cluster-inventories.ts";
import { DELETION_STEPS, deletionStep } from "../order.ts";
import { firstToLeave } from "./first-to-leave.ts";
import type { SyncContext } from "../sync-context.ts";
import { judgeContext, type JudgeContext } from "./judge-object.ts";
import { judgeSet, leavingSet } from "./judge-set.ts";
import { letGo, type PruneOutcome, pruneObject } from "./prune-object.ts";

/** A prune that still waits for deletions counts as settled after this long, in milliseconds; it goes on all the same. */
const PATIENCE = 120_000;
/** What the cluster cannot tell is asked again often for so long, in milliseconds; then as what it refuses. */
const UNSURE_FOR = 10_000;
const AGAIN = { first: 250, most: 30_000 };
const REFUSED = { first: 10_000, most: 300_000 };
const AFTER_EVENT = { first: 50, most: 5_000 };

/** A prune of a sync is guarded: a mass deletion stops unless `approved` is its id. An uninstall has an order. */
export type PruneKind =
  | { readonly approved: string | undefined }
  /** `profile/layer` in the order in which they leave, each gone before the next. */
  | { readonly order: readonly string[] };

/**
 * Takes away what the inventory has and the render lacks: in reverse order, each deletion announced in the inventory
 * first. Only for a complete render of which every object was accepted.
 */
export class PruneRun {
  readonly #context: SyncContext;
  readonly #kind: PruneKind;
  #massDeletion: MassDeletion | undefined;
  readonly #kept = new Map<string, Problem>();
  readonly #waiting = new Map<string, Problem>();
  /** What the cluster refuses to let go, or cannot tell: it stays for now. */
  readonly #refused = new Map<string, Problem>();
  readonly #released = new Set<string>();
  #begun: number | undefined;
  #rounds = 0;
  #refusedRounds = 0;
  #lastAt = 0;
  #dueAt: number | undefined = 0;
  /** So long the server asked to be left alone in the last round. Milliseconds. */
  #askedMs = 0;

  constructor(context: SyncContext, kind: PruneKind) {
    this.#context = context;
    this.#kind = kind;
  }

  /** What stopped it before anything was deleted. */
  get massDeletion(): MassDeletion | undefined {
    return this.#massDeletion;
  }

  /** Why what stays stays, by key. */
  get kept(): ReadonlyMap<string, Problem> {
    return new Map([...this.#kept, ...this.#refused]);
  }

  /** What holds up what is on its way, by key. */
  get waiting(): ReadonlyMap<string, Problem> {
    return this.#waiting;
  }

  /** What was there before and was let go of, for people. */
  get released(): ReadonlySet<string> {
    return this.#released;
  }

  /** What was kept, and what is still being deleted. */
  get problems(): readonly Problem[] {
    return [...this.kept.values(), ...this.#waiting.values()];
  }

  /** Everything is gone that does not stay. What is refused for long stays. */
  get isDone(): boolean {
    if (this.#rounds === 0 || this.#waiting.size > 0) return false;
    return this.#dueAt === undefined || this.#age >= PATIENCE;
  }

  /** Nothing more is to be waited for. */
  get isSettled(): boolean {
    if (this.#rounds === 0) return false;
    return this.#waiting.size === 0 || this.#age >= PATIENCE;
  }

  get #age(): number {
    return this.#begun === undefined ? 0 : this.#context.clock() - this.#begun;
  }

  /** When it goes on although nothing happens; undefined when it is done. Milliseconds of the clock. */
  get nextDue(): number | undefined {
    return this.#dueAt;
  }

  /** Something changed in the cluster: what is waited for may be gone. */
  hurry(): void {
    if (this.#dueAt === undefined || this.#waiting.size === 0) return;
    const distance = Math.max(backoff(this.#rounds, AFTER_EVENT), this.#askedMs);
    const earliest = Math.max(this.#context.clock(), this.#lastAt + distance);
    this.#dueAt = Math.min(this.#dueAt, earliest);
  }

  /** Goes as far as it can without waiting. */
  async advance(wanted: ReadonlySet<string>): Promise<void> {
    const { store, turn, clock, superseded, publish } = this.#context;
    if (this.#dueAt === undefined || this.#dueAt > clock()) return;
    this.#begun ??= clock();
    const takesVolumes = this.#judge(wanted);
    if (this.#massDeletion !== undefined) {
      this.#dueAt = undefined;
      return;
    }
    this.#refused.clear();
    this.#askedMs = 0;
    const left = () => [...store.entries()].filter(([key]) => !wanted.has(key) && !this.kept.has(key));
    if (!(await this.#announce(left(), takesVolumes))) return;
    const context = left().length === 0 ? undefined : await this.#pruneContext(wanted);
    for (const key of this.#waiting.keys()) if (store.get(key) === undefined) this.#waiting.delete(key);
    for (let all = left(); context !== undefined && all.length > 0; all = left()) {
      const order = "order" in this.#kind ? this.#kind.order : undefined;
      await this.#pruneGroup(firstToLeave(all, order), context);
      if (superseded.aborted || turn.wasRefused) return;
      if (this.#waiting.size > 0) break;
      publish();
    }
    this.#rounds += 1;
    this.#lastAt = clock();
    this.#dueAt = this.#nextRound();
  }

  #nextRound(): number | undefined {
    if (this.#waiting.size > 0)
      return this.#context.clock() + Math.max(backoff(this.#rounds, AGAIN), this.#askedMs);
    if (this.#refused.size === 0) return undefined;
    this.#refusedRounds += 1;
    return this.#context.clock() + backoff(this.#refusedRounds, REFUSED);
  }

  /** Lets go of what was kept: for an inventory that is about to go. */
  async releaseKept(): Promise<void> {
    const { store, limit } = this.#context;
    const kept = [...this.kept.keys()].map((key) => store.get(key)).filter((entry) => entry !== undefined);
    if (kept.length === 0) return;
    const context = await this.#pruneContext(new Set());
    await allDone(kept.map((entry) => limit(() => letGo(entry, context))));
  }

  async #pruneGroup(leaving: readonly (readonly [string, Entry])[], context: JudgeContext): Promise<void> {
    const steps = Map.groupBy(leaving, ([, entry]) => deletionStep(entry.id));
    for (const step of DELETION_STEPS) {
      const members = steps.get(step);
      if (members === undefined) continue;
      if (this.#context.superseded.aborted || this.#context.turn.wasRefused) return;
      await this.#pruneStep(members, context);
      if (step === "custom-resources" && this.#waiting.size > 0) break;
    }
  }

  /** @returns whether volumes go too */
  #judge(wanted: ReadonlySet<string>): boolean {
    if ("order" in this.#kind) return false;
    const set = leavingSet(this.#context.store.entries(), wanted);
    const verdict = judgeSet(set, this.#kind.approved);
    if (verdict.state === "free") return verdict.takesVolumes;
    const { id, deletes, of } = set;
    this.#massDeletion = { id, deletes, of };
    return false;
  }

  /**
   * Every deletion stands in the inventory before it happens: from there on it is let go. False where it is not this
   * engine's turn.
   */
  async #announce(leaving: readonly (readonly [string, Entry])[], takesVolumes: boolean): Promise<boolean> {
    const { store, turn, signal } = this.#context;
    const isApproved = ({ id, approved }: Entry): boolean =>
      approved === true || (takesVolumes && isVolume(id));
    const unannounced = leaving.filter(
      ([, entry]) => entry.state !== "leaving" || isApproved(entry) !== (entry.approved === true),
    );
    if (unannounced.length > 0 && !(await turn.claim(signal))) return false;
    for (const [key, entry] of unannounced) {
      store.set(key, { ...entry, state: "leaving", ...(isApproved(entry) ? { approved: true } : {}) });
    }
    if (turn.isHeld) await store.flush(signal);
    return true;
  }

  async #pruneContext(wanted: ReadonlySet<string>): Promise<JudgeContext> {
    const { api, store, signal } = this.#context;
    return judgeContext(this.#context, await listInventories(api, signal), store.entries(), wanted);
  }

  async #pruneStep(members: readonly (readonly [string, Entry])[], context: JudgeContext): Promise<void> {
    const { limit, superseded, turn } = this.#context;
    const work = members.map(([key, entry]) =>
      limit(async () => {
        if (superseded.aborted || turn.wasRefused) return;
        this.#settle(key, entry, await pruneObject(entry, context, (signal) => turn.claim(signal)));
      }),
    );
    await allDone(work);
  }

  #settle(key: string, entry: Entry, outcome: PruneOutcome): void {
    this.#waiting.delete(key);
    if (outcome.state === "released") this.#released.add(describeId(entry.id));
    switch (outcome.state) {
      case "deleted":
      case "released":
      case "dropped":
        this.#context.store.remove(key);
        this.#context.live.forget(key);
        return;
      case "kept":
        this.#kept.set(key, outcome.problem);
        return;
      case "waiting":
        this.#waiting.set(key, outcome.problem);
        this.#askedMs = Math.max(this.#askedMs, outcome.retryAfterMs ?? 0);
        return;
      case "refused":
        this.#refused.set(key, outcome.problem);
        return;
      case "unsure":
        (this.#age < UNSURE_FOR ? this.#waiting : this.#refused).set(key, outcome.problem);
    }
  }
}
