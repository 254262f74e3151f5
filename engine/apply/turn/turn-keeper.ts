import { setImmediate as nextLoop } from "node:timers/promises";
import type { KubeApi } from "../../cluster/types.ts";
import { EngineError, type Problem } from "../../model/errors.ts";
import { objectKey } from "../../model/kube-object.ts";
import { CONFIG_MAPS } from "../core-types.ts";
import type { Entry } from "../inventory/model.ts";
import type { Parent } from "../inventory/parent.ts";
import type { InventoryStore } from "../inventory/store.ts";
import { STRATA_NAMESPACE } from "../marks.ts";
import { resourceVersionOf } from "../ownership.ts";
import { decideTurn, PATIENCE, type TurnDecision } from "./decide-turn.ts";
import { holderProblem } from "./holder-problem.ts";
import { ParentWatch } from "./parent-watch.ts";
import { TipQuestion } from "./tip-question.ts";
import { touchLeaving } from "./touch-leaving.ts";

/** What an engine knows of its repository, and its name. */
export interface TurnIdentity {
  /** Id of the engine: the same after a restart, another for every other engine of the repository. */
  readonly engine: string;
  /** Whether Git knows the first commit as an ancestor of the second. The first comes from the cluster: any text. */
  readonly isAncestor: (ancestor: string, commit: string) => Promise<boolean>;
  /** Looks at the repository again: whether main's tip is this commit. False where it cannot be read; must not throw. */
  readonly isTip: (commit: string) => Promise<boolean>;
}

export interface TurnKeeperOptions extends TurnIdentity {
  readonly api: KubeApi;
  readonly store: InventoryStore;
  /** Called when a pass may find its turn otherwise than before. */
  readonly onChange: () => void;
  /** Milliseconds by a clock that never jumps. */
  readonly clock: () => number;
}

/** What a sync asks before it changes anything. */
export interface Turn {
  /** Right before a change: whether it may be made. Takes the turn where it may be taken; costs no request where it is held. */
  claim(signal: AbortSignal): Promise<boolean>;
  /** The same, with what is about to come written into the inventory: these entries, and what was set of others. */
  writeAhead(entries: readonly Entry[], signal: AbortSignal): Promise<boolean>;
  /** The turn is ours: what was found out may be written down. */
  readonly isHeld: boolean;
  /** In this pass a change was not made, as another engine has the turn. */
  readonly wasRefused: boolean;
  /** Who has the turn, where we have something to do. */
  readonly problem: Problem | undefined;
}

/** A held turn is trusted for so long after it was last looked at: with the watch standing (else the process slept), and without. Milliseconds. */
const TRUSTED = 10_000;
const TRUSTED_UNWATCHED = 1_000;

/** One engine's turns at one cluster. A pass begins with {@link begin} and ends with {@link end}. */
export class TurnKeeper implements Turn {
  readonly #options: TurnKeeperOptions;
  readonly #tip: TipQuestion;
  #watch: ParentWatch | undefined;
  #commits: readonly string[] = [];
  #decision: TurnDecision = { turn: "take" };
  #begunAt = 0;
  /** The inventory was read in this pass. */
  #isFresh = false;
  #needsRead = false;
  /** The parent's resourceVersion, and since when. */
  #known: { readonly version: string; readonly since: number } = { version: "", since: 0 };
  #wasTakenAway = false;
  /** Since when there was something to do in another's turn. */
  #wantedSince: number | undefined;
  #wasRefused = false;
  #trustedAt = 0;
  #claiming: Promise<boolean> | undefined;
  /** How often in a row a write of the inventory met one of another. */
  #conflicts = 0;
  /** What others announced to delete was touched. */
  #hasTouched = false;
  /** At which commit the turn was taken from others at the same commit, and how often. */
  #taken = { commit: "", times: 0 };

  constructor(options: TurnKeeperOptions) {
    this.#options = options;
    this.#tip = new TipQuestion(options);
  }

  /** The inventory must be read (again) before anything is done. */
  get isBehind(): boolean {
    return this.#needsRead || this.#isOvertaken;
  }

  get isHeld(): boolean {
    return this.#options.store.isOwn && !this.isBehind;
  }

  get wasRefused(): boolean {
    return this.#wasRefused;
  }

  get problem(): Problem | undefined {
    const parent = this.#isOvertaken ? this.#news?.parent : this.#options.store.parent;
    if (this.#wantedSince === undefined || parent === undefined) return undefined;
    const isOthers = parent.engine !== this.#options.engine && this.#decision.turn !== "take";
    return isOthers ? holderProblem(parent) : undefined;
  }

  /** In how many milliseconds the turn may be taken, where there is something to do. */
  get dueInMs(): number | undefined {
    if (this.#wantedSince === undefined || !("forMs" in this.#decision)) return undefined;
    const wait = this.#decision.forMs > 0 ? this.#decision.forMs : PATIENCE;
    return Math.max(0, this.#begunAt + wait - this.#options.clock());
  }

  /**
   * A pass begins; the inventory is loaded.
   * @param commits the commits at which the repository says what is wanted, the newest last
   * @param isFresh it was read just now
   */
  async begin(commits: readonly string[], isFresh: boolean): Promise<void> {
    const { store, clock, engine } = this.#options;
    this.#commits = commits;
    this.#isFresh = isFresh;
    this.#needsRead = false;
    this.#wasRefused = false;
    this.#begunAt = clock();
    this.#openWatch();
    if (isFresh || this.#watch?.stands === true) this.#trustedAt = this.#begunAt;
    const { version, parent } = store;
    if (version !== this.#known.version) {
      this.#wasTakenAway = version === "";
      this.#known = { version, since: this.#begunAt };
    }
    const since = Math.max(this.#known.since, this.#wantedSince ?? this.#begunAt);
    this.#decision = decideTurn({
      parent,
      wasTakenAway: this.#wasTakenAway,
      engine,
      commits,
      isDescendant: parent !== undefined && (await this.#isDescendant(parent)),
      quietMs: this.#begunAt - since,
      takenBefore: this.#taken.commit === this.#commit ? this.#taken.times : 0,
      isTip: this.#tip.isConfirmed(version, this.#commit),
    });
    if (this.#decision.turn === "stale")
      this.#tip.ask({ version, commit: this.#commit, isQuiet: this.#decision.forMs === 0 });
  }

  /** A pass came to its end. */
  end(): void {
    if (!this.#wasRefused) this.#wantedSince = undefined;
  }

  /** The inventory went by our own doing. */
  dispose(): void {
    this.#known = { version: "", since: this.#options.clock() };
  }

  claim(signal: AbortSignal): Promise<boolean> {
    const { store } = this.#options;
    const isOurs = () => store.isOwn && this.#commits.includes(store.parent?.commit ?? "");
    return this.#act(signal, async () => {
      if (!isOurs()) await store.claim(this.#commit, signal);
    });
  }

  writeAhead(entries: readonly Entry[], signal: AbortSignal): Promise<boolean> {
    const { store } = this.#options;
    return this.#act(signal, async () => {
      for (const entry of entries) store.set(objectKey(entry.id), entry);
      await store.writeAhead(this.#commit, signal);
    });
  }

  close(): void {
    this.#watch?.close();
  }

  get #commit(): string {
    return this.#commits.at(-1) ?? "";
  }

  get #news(): ReturnType<ParentWatch["since"]> {
    return this.#watch?.since(this.#options.store.version);
  }

  /** The watch shows that another engine wrote, or that the inventory is gone. */
  get #isOvertaken(): boolean {
    const news = this.#news;
    return news !== undefined && news.parent?.engine !== this.#options.engine;
  }

  async #isDescendant({ engine, commit }: Parent): Promise<boolean> {
    if (engine === this.#options.engine || this.#commits.includes(commit)) return false;
    return commit === "" || this.#options.isAncestor(commit, this.#commit);
  }

  #openWatch(): void {
    const { api, store, onChange } = this.#options;
    if (this.#watch?.name === store.name) return;
    this.#watch?.close();
    this.#watch = new ParentWatch({
      api,
      name: store.name,
      onChange: () => {
        if (this.#isOvertaken || this.#wantedSince !== undefined) onChange();
      },
    });
  }

  async #act(signal: AbortSignal, write: () => Promise<void>): Promise<boolean> {
    // What other connections brought meanwhile is read before anything is sent: the process may have slept.
    await nextLoop();
    if ((await this.#mayAct(signal)) === false) {
      this.#wasRefused = true;
      this.#wantedSince ??= this.#options.clock();
      return false;
    }
    this.#claiming ??= this.#take(write, signal).finally(() => {
      this.#claiming = undefined;
    });
    return this.#claiming;
  }

  async #mayAct(signal: AbortSignal): Promise<boolean> {
    const { store, engine } = this.#options;
    if (!store.loaded || this.isBehind || "forMs" in this.#decision) return false;
    if (!this.#isFresh && store.parent !== undefined && store.parent.engine !== engine) {
      this.#readAgain();
      return false;
    }
    return this.#isTrusted(signal);
  }

  /** One look at the parent where the watch would not have told: it is down, or this process slept. */
  async #isTrusted(signal: AbortSignal): Promise<boolean> {
    const { api, store, clock } = this.#options;
    const stands = this.#watch?.stands === true;
    const age = clock() - this.#trustedAt;
    if (store.version === "" || age < (stands ? TRUSTED : TRUSTED_UNWATCHED)) {
      if (stands) this.#trustedAt = clock();
      return true;
    }
    const ref = { namespace: STRATA_NAMESPACE, name: store.name };
    const object = await api.get(CONFIG_MAPS, ref, signal);
    this.#trustedAt = clock();
    if (object !== undefined && resourceVersionOf(object) === store.version) return true;
    this.#readAgain();
    return false;
  }

  #readAgain(): void {
    this.#needsRead = true;
    this.#options.onChange();
  }

  async #take(write: () => Promise<void>, signal: AbortSignal): Promise<boolean> {
    const { store, api, engine } = this.#options;
    const before = store.parent;
    const isTaken = before?.engine !== engine;
    if (isTaken) this.#hasTouched = false;
    try {
      await write();
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "inventory-changed") throw error;
      this.#conflicts += 1;
      // Once is a race with another engine; again and again is a trouble, and takes the pauses of one
      if (this.#conflicts > 1) throw error;
      this.#wasRefused = true;
      this.#readAgain();
      return false;
    }
    if (isTaken && before !== undefined && this.#commits.includes(before.commit)) this.#countTaken();
    this.#conflicts = 0;
    this.#trustedAt = this.#options.clock();
    if (!this.#hasTouched) {
      const turn = store.parent?.turn ?? 0;
      await touchLeaving(store.entries().values(), { api, applySet: store.applySet, turn, signal });
      this.#hasTouched = true;
    }
    return true;
  }

  #countTaken(): void {
    const times = this.#taken.commit === this.#commit ? this.#taken.times : 0;
    this.#taken = { commit: this.#commit, times: times + 1 };
  }
}
