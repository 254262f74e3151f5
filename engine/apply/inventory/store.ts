import type { KindQuery, KubeApi } from "../../cluster/types.ts";
import { ApiError, isAbsent } from "../../cluster/api-error.ts";
import { type KubeObject, objectIdOf, objectKey, type ObjectMeta } from "../../model/kube-object.ts";
import { STRATA_NAMESPACE } from "../marks.ts";
import { asMap } from "../json-parts.ts";
import { CONFIG_MAPS } from "../core-types.ts";
import { resourceVersionOf, uidOf } from "../ownership.ts";
import { applySetId } from "./applyset-id.ts";
import { type ChoiceRules, chooseInventory } from "./choose.ts";
import { listInventories, makeNamespace } from "./cluster-inventories.ts";
import { foreignInventory, inventoryChanged } from "./inventory-errors.ts";
import { type Entry, finishedEntry, type InventoryOwner } from "./model.ts";
import { type InventoryState, type Parent, parentObject, partObject, scopeOf } from "./parent.ts";
import { encodeParts, type Entries, partCount, partOf, partWrites } from "./parts.ts";

export interface InventoryStoreOptions extends ChoiceRules {
  readonly api: KubeApi;
  readonly owner: InventoryOwner;
}

/** A kind at one version, and the namespaces of its entries. */
export interface EntryKind {
  readonly query: Required<KindQuery>;
  readonly namespaces: ReadonlySet<string>;
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
  /** Something of a part was written since the parent last named a finished set. */
  #unfinished = false;

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

  /** Each kind of which there is an entry, at each version at which objects of it are applied, with their namespaces. */
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
    this.#stored = { parent, parentObject: object, parts: new Map(parts), base: entries };
    return { lost: damaged };
  }

  /** Whether the record of an object is still what was last read or written: no other engine works on the cluster. One request. */
  async isCurrent(key: string, signal: AbortSignal): Promise<boolean> {
    const { parent, parts } = this.#loadedStore();
    const known = parts.get(partOf(key, parent.parts))?.object;
    if (known === undefined) return false;
    const stored = await this.#options.api.get(CONFIG_MAPS, objectIdOf(known), signal);
    return stored !== undefined && resourceVersionOf(stored) === resourceVersionOf(known);
  }

  /** Forgets what was read, not what was changed. */
  unload(): void {
    this.#stored = undefined;
  }

  /** Writes the changes before the objects that they speak of are touched: the parent names all that may come to be. */
  async writeAhead(commit: string, signal: AbortSignal): Promise<void> {
    await this.#guarded(async (stored) => {
      const entries = this.entries();
      const parts = partCount(entries, stored.parent.parts);
      const scope = scopeOf([...entries.values(), ...stored.base.values()].map((entry) => entry.id));
      const state: InventoryState = "changing";
      await this.#writeParent(
        { ...stored.parent, ...scope, owner: this.#options.owner, commit, parts, state },
        signal,
      );
      await this.#writeParts(signal);
    });
  }

  /** Writes the changes, if any. */
  async flush(signal: AbortSignal): Promise<void> {
    if (this.#changes.size === 0) return;
    await this.#guarded(() => this.#writeParts(signal));
  }

  /**
   * Writes the changes, and in the parent that the set of `commit` stands: what came for it is part of the finished set.
   * Costs nothing where nothing was written for it.
   */
  async finish(commit: string, signal: AbortSignal): Promise<void> {
    for (const [key, entry] of this.entries()) if (entry.fresh === true) this.set(key, finishedEntry(entry));
    await this.flush(signal);
    await this.#guarded(async (stored) => {
      const scope = scopeOf([...stored.base.values()].map((entry) => entry.id));
      if (stored.parentObject === undefined && stored.base.size === 0) return;
      const state: InventoryState = "finished";
      const next: Parent = { ...stored.parent, ...scope, owner: this.#options.owner, commit, state };
      const same = sameParent({ ...next, commit: stored.parent.commit }, stored.parent);
      if (!this.#unfinished && same) return;
      await this.#writeParent(next, signal);
      this.#unfinished = false;
    });
  }

  /** Deletes the inventory from the cluster: its parts, and then the parent. It is to be empty but for what was kept. */
  async dispose(signal: AbortSignal): Promise<void> {
    const stored = this.#loadedStore();
    const { api } = this.#options;
    const parts = [...stored.parts.values()].map(({ object }) => object);
    const parent = stored.parentObject === undefined ? [] : [stored.parentObject];
    for (const object of [...parts, ...parent]) {
      const preconditions = { uid: uidOf(object), propagationPolicy: "Background" } as const;
      await api.delete(CONFIG_MAPS, objectIdOf(object), preconditions, signal);
    }
    this.#changes.clear();
    this.#kinds = undefined;
    this.#stored = undefined;
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
      this.#unfinished = true;
    }
    stored.base = entries;
    for (const [key, entry] of written) {
      if (this.#changes.get(key) === entry) this.#changes.delete(key);
    }
  }

  async #writeParent(next: Parent, signal: AbortSignal): Promise<void> {
    const stored = this.#loadedStore();
    if (stored.parentObject !== undefined && sameParent(next, stored.parent)) return;
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

function kindsOf(entries: Iterable<Entry>): readonly EntryKind[] {
  const kinds = new Map<string, { query: Required<KindQuery>; namespaces: Set<string> }>();
  for (const { id, version } of entries) {
    const key = `${id.group}/${version}/${id.kind}`;
    const kind = kinds.get(key) ?? {
      query: { group: id.group, kind: id.kind, version },
      namespaces: new Set(),
    };
    kinds.set(key, kind);
    kind.namespaces.add(id.namespace);
  }
  return [...kinds.values()];
}

const NOTHING = { commit: "", state: "changing", parts: 1, groupKinds: [], namespaces: [] } as const;

function sameParent(a: Parent, b: Parent): boolean {
  return JSON.stringify(parentObject(a)) === JSON.stringify(parentObject(b));
}
