import type { KubeApi } from "../../cluster/types.ts";
import { ApiError, isAbsent } from "../../cluster/api-error.ts";
import { type KubeObject, objectIdOf, objectKey, type ObjectMeta } from "../../model/kube-object.ts";
import { STRATA_NAMESPACE } from "../marks.ts";
import { asMap } from "../json-parts.ts";
import { CONFIG_MAPS } from "../core-types.ts";
import { resourceVersionOf, uidOf } from "../ownership.ts";
import { applySetId } from "./applyset-id.ts";
import { type ChoiceRules, chooseInventory } from "./choose.ts";
import { listInventories, makeNamespace } from "./cluster-inventories.ts";
import { type EntryKind, kindsOf } from "./entry-kinds.ts";
import { foreignInventory, inventoryChanged } from "./inventory-errors.ts";
import { type Entry, finishedEntry, type InventoryOwner, isSameOwner } from "./model.ts";
import { isSameParent, type Parent, parentObject, partObject, scopeOf } from "./parent.ts";
import { encodeParts, type Entries, partCount, partWrites } from "./parts.ts";

export interface InventoryStoreOptions extends ChoiceRules {
  readonly api: KubeApi;
  readonly owner: InventoryOwner;
  /** Id of this engine. */
  readonly engine: string;
}

/** What the server holds, as last read or written. */
interface Stored {
  parent: Parent;
  parentObject: KubeObject | undefined;
  readonly parts: Map<number, { readonly text: string; readonly object: KubeObject }>;
  base: Entries;
}

/**
 * The inventory of one cluster directory: entries in memory, and the ConfigMaps that hold them. Each write is a
 * compare-and-swap and an unchanged part is not written. After a failed write `load` must run again; changes that
 * were not written stay.
 */
export class InventoryStore {
  readonly #options: InventoryStoreOptions;
  readonly #changes = new Map<string, Entry | undefined>();
  #stored: Stored | undefined;
  /** Of all entries; undefined where an object came or went since it was counted. */
  #kinds: readonly EntryKind[] | undefined;

  constructor(options: InventoryStoreOptions) {
    this.#options = options;
  }

  get loaded(): boolean {
    return this.#stored !== undefined;
  }

  /** Id of the ApplySet. */
  get applySet(): string {
    return applySetId(this.#loadedStore().parent.name);
  }

  /** Whose turn it is; undefined where there is no inventory yet, or it is not loaded. */
  get parent(): Parent | undefined {
    return this.#stored?.parentObject === undefined ? undefined : this.#stored.parent;
  }

  /** Name of the parent, whether it is there or not. */
  get name(): string {
    return this.#loadedStore().parent.name;
  }

  /** The parent's resourceVersion; empty where it is not there or not loaded. */
  get version(): string {
    const object = this.#stored?.parentObject;
    return object === undefined ? "" : resourceVersionOf(object);
  }

  /** Whether the parent is this directory's and names this engine. */
  get isOwn(): boolean {
    const { owner, engine } = this.#options;
    return this.parent?.engine === engine && isSameOwner(this.parent.owner, owner);
  }

  get(key: string): Entry | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#stored?.base.get(key);
  }

  set(key: string, entry: Entry): void {
    if (this.get(key)?.version !== entry.version) this.#kinds = undefined;
    this.#changes.set(key, entry);
  }

  remove(key: string): void {
    this.#kinds = undefined;
    this.#changes.set(key, undefined);
  }

  /** Takes in an object that was found by its label, where there is no entry of it. */
  addFound(entry: Entry): void {
    const key = objectKey(entry.id);
    if (this.get(key) === undefined) this.set(key, entry);
  }

  /** All entries, with what is not written yet. */
  entries(): Entries {
    const merged = new Map(this.#stored?.base ?? []);
    for (const [key, entry] of this.#changes) {
      if (entry === undefined) merged.delete(key);
      else merged.set(key, entry);
    }
    return merged;
  }

  kinds(): readonly EntryKind[] {
    this.#kinds ??= kindsOf(this.entries().values());
    return this.#kinds;
  }

  /** Whether the cluster's record has the object, written ahead or applied. */
  isRecorded(key: string): boolean {
    return this.#stored?.base.has(key) ?? false;
  }

  /**
   * Reads the inventory.
   * @returns whether it is `lost`: none is there, or not all of it, so that objects must be found by their label
   * @throws EngineError `inventory-of-another-repository`
   */
  async load(signal: AbortSignal): Promise<{ readonly lost: boolean }> {
    this.#kinds = undefined;
    const choice = chooseInventory(
      await listInventories(this.#options.api, signal),
      this.#options.owner,
      this.#options,
    );
    if (choice.kind === "foreign") throw foreignInventory(this.#options.owner, choice.repository);
    if (choice.kind === "none") {
      const parent = { name: choice.name, owner: this.#options.owner, ...NOTHING };
      this.#stored = { parent, parentObject: undefined, parts: new Map(), base: new Map() };
      return { lost: true };
    }
    const { parent, object, parts, entries, damaged } = choice.inventory;
    // What happens in another engine's turn is that one's to write down
    if (parent.engine !== "" && parent.engine !== this.#options.engine) this.#changes.clear();
    this.#stored = { parent, parentObject: object, parts: new Map(parts), base: entries };
    return { lost: damaged };
  }

  /** Forgets what was read, not what was changed. */
  unload(): void {
    this.#stored = undefined;
  }

  /** Takes the turn for a commit; costs nothing where this engine has it for that commit. */
  async claim(commit: string, signal: AbortSignal): Promise<void> {
    await this.#guarded((stored) => this.#writeParent(this.#claimed(stored.parent, commit), signal));
  }

  /** Takes the turn, and writes the changes before the objects that they speak of are touched: the parent names all that may come to be. */
  async writeAhead(commit: string, signal: AbortSignal): Promise<void> {
    await this.#guarded(async (stored) => {
      const entries = this.entries();
      const parts = partCount(entries, stored.parent.parts);
      const scope = scopeOf([...entries.values(), ...stored.base.values()].map((entry) => entry.id));
      await this.#writeParent({ ...this.#claimed(stored.parent, commit), ...scope, parts }, signal);
      await this.#writeParts(signal);
    });
  }

  /** Writes the changes, if any. */
  async flush(signal: AbortSignal): Promise<void> {
    if (this.#changes.size === 0) return;
    await this.#guarded(() => this.#writeParts(signal));
  }

  /** Whether the parent says that the set of objects stands, and all is as it is to be then. */
  get isFinished(): boolean {
    const { parent, parentObject } = this.#loadedStore();
    const entries = this.entries();
    if (parentObject === undefined) return entries.size === 0;
    if ([...entries.values()].some(({ fresh }) => fresh === true)) return false;
    return isSameParent(parent, this.#finished(entries));
  }

  /**
   * Writes the changes, and in the parent that the set stands: what came for it is part of the finished set. Costs
   * nothing where it says so.
   */
  async finish(signal: AbortSignal): Promise<void> {
    for (const [key, entry] of this.entries()) if (entry.fresh === true) this.set(key, finishedEntry(entry));
    await this.flush(signal);
    if (!this.isFinished)
      await this.#guarded(() => this.#writeParent(this.#finished(this.entries()), signal));
  }

  /** Deletes the inventory from the cluster: its parts, and then the parent. It is to be empty but for what was kept. */
  async dispose(signal: AbortSignal): Promise<void> {
    await this.#guarded(async ({ parts, parentObject }) => {
      const parent = parentObject === undefined ? [] : [parentObject];
      for (const object of [...[...parts.values()].map((part) => part.object), ...parent]) {
        const preconditions = { uid: uidOf(object), resourceVersion: resourceVersionOf(object) };
        const options = { ...preconditions, propagationPolicy: "Background" } as const;
        await this.#options.api.delete(CONFIG_MAPS, objectIdOf(object), options, signal);
      }
    });
    this.#changes.clear();
    this.#kinds = undefined;
    this.#stored = undefined;
  }

  #claimed(parent: Parent, commit: string): Parent {
    const { engine, owner } = this.#options;
    const goesOn = parent.engine === engine && parent.commit === commit;
    return {
      ...parent,
      owner,
      engine,
      commit,
      turn: goesOn ? parent.turn : parent.turn + 1,
      state: "changing",
    };
  }

  #finished(entries: Entries): Parent {
    const { parent } = this.#loadedStore();
    const scope = scopeOf([...entries.values()].map((entry) => entry.id));
    return { ...parent, ...scope, owner: this.#options.owner, state: "finished" };
  }

  async #guarded(write: (stored: Stored) => Promise<void>): Promise<void> {
    const stored = this.#loadedStore();
    try {
      await write(stored);
    } catch (error) {
      this.#stored = undefined;
      throw error instanceof ApiError && error.status === 409
        ? inventoryChanged(stored.parent.name, error)
        : error;
    }
  }

  async #writeParts(signal: AbortSignal): Promise<void> {
    const stored = this.#loadedStore();
    const written = new Map(this.#changes);
    const entries = this.entries();
    const parts = partCount(entries, stored.parent.parts);
    if (parts !== stored.parent.parts) await this.#writeParent({ ...stored.parent, parts }, signal);
    const previous = new Map([...stored.parts].map(([index, part]) => [index, part.text]));
    for (const { index, text } of partWrites(previous, encodeParts(entries, parts))) {
      const wanted = partObject(stored.parent.name, index, text);
      const object = await this.#put(wanted, stored.parts.get(index)?.object, signal);
      stored.parts.set(index, { text, object });
    }
    stored.base = entries;
    for (const [key, entry] of written) {
      if (this.#changes.get(key) === entry) this.#changes.delete(key);
    }
  }

  async #writeParent(next: Parent, signal: AbortSignal): Promise<void> {
    const stored = this.#loadedStore();
    if (stored.parentObject !== undefined && isSameParent(next, stored.parent)) return;
    const wanted = parentObject(next);
    const known = stored.parentObject;
    stored.parentObject = await (known === undefined
      ? this.#createParent(wanted, signal)
      : this.#put(wanted, known, signal));
    stored.parent = next;
  }

  /** Creates or replaces; what others wrote into the metadata of the ConfigMap stays. */
  async #put(wanted: KubeObject, known: KubeObject | undefined, signal: AbortSignal): Promise<KubeObject> {
    if (known === undefined) return this.#options.api.create(CONFIG_MAPS, wanted, signal);
    const metadata: ObjectMeta = {
      ...wanted.metadata,
      resourceVersion: resourceVersionOf(known),
      labels: { ...asMap(known.metadata.labels), ...asMap(wanted.metadata.labels) },
      annotations: { ...asMap(known.metadata.annotations), ...asMap(wanted.metadata.annotations) },
    };
    return this.#options.api.replace(CONFIG_MAPS, { ...wanted, metadata }, signal);
  }

  /** The namespace is made when it turns out to be missing: who may write in it need not have a right to look at namespaces. */
  async #createParent(wanted: KubeObject, signal: AbortSignal): Promise<KubeObject> {
    const { api } = this.#options;
    try {
      return await api.create(CONFIG_MAPS, wanted, signal);
    } catch (error) {
      if (!isAbsent(error, STRATA_NAMESPACE)) throw error;
      await makeNamespace(api, signal);
      return api.create(CONFIG_MAPS, wanted, signal);
    }
  }

  #loadedStore(): Stored {
    if (this.#stored === undefined) throw new Error("the inventory is not loaded");
    return this.#stored;
  }
}

const NOTHING = {
  engine: "",
  turn: 0,
  commit: "",
  state: "changing",
  parts: 1,
  groupKinds: [],
  namespaces: [],
} as const;
