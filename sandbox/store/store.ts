import type { KubeObject } from "../../engine/model/kube-object.ts";
import type { Journal } from "./journal.ts";
import { type Kept, OwnerIndex } from "./owner-index.ts";
import { namespaceOf, withMetadata } from "./parts.ts";
import type { ResourceKey, StoreEvent } from "./types.ts";

const WINDOW = 5_000;

/** Objects of all kinds, with one counter of revisions and the last events for watches that begin in the past. */
export class Store {
  readonly #objects = new Map<ResourceKey, Map<string, KubeObject>>();
  readonly #owners = new OwnerIndex();
  readonly #events: StoreEvent[] = [];
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #journal: Journal | undefined;
  #revision: number;

  constructor(journal: Journal | undefined) {
    this.#journal = journal;
    this.#revision = journal?.revision ?? 1;
    for (const { resource, object } of journal?.objects() ?? []) this.#place(resource, object);
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: ResourceKey, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(resource)?.get(`${namespace}/${name}`);
  }

  /** All of a kind, or those of one namespace, by namespace and name. */
  list(resource: ResourceKey, namespace?: string): KubeObject[] {
    const all = [...(this.#objects.get(resource)?.entries() ?? [])];
    const asked =
      namespace === undefined ? all : all.filter(([, object]) => namespaceOf(object) === namespace);
    return asked.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** All objects that name an owner. */
  ownedBy(uid: string): Kept[] {
    return this.#owners.of(uid);
  }

  resources(): ResourceKey[] {
    return [...this.#objects.keys()];
  }

  /** Stores an object with the next revision and tells everybody; returns it as stored. */
  put(resource: ResourceKey, object: KubeObject): KubeObject {
    const before = this.get(resource, namespaceOf(object), object.metadata.name);
    const revision = this.#revision + 1;
    const stored = withMetadata(object, { resourceVersion: String(revision) });
    this.#journal?.put(revision, resource, stored); // first: where it fails, nothing has changed
    this.#revision = revision;
    this.#place(resource, stored);
    this.#tell({ revision, resource, before, after: stored });
    return stored;
  }

  /** Removes an object; what watches see last carries the revision of the removal. */
  remove(resource: ResourceKey, object: KubeObject): KubeObject {
    const revision = this.#revision + 1;
    const last = withMetadata(object, { resourceVersion: String(revision) });
    this.#journal?.remove(revision, resource, namespaceOf(object), object.metadata.name);
    this.#revision = revision;
    const before = this.get(resource, namespaceOf(object), object.metadata.name);
    if (before !== undefined) this.#owners.remove(resource, before);
    this.#objects.get(resource)?.delete(`${namespaceOf(object)}/${object.metadata.name}`);
    this.#tell({ revision, resource, before: last, after: undefined });
    return last;
  }

  /** Events after a revision; undefined where the window no longer reaches back so far. */
  since(revision: number): readonly StoreEvent[] | undefined {
    const oldest = this.#events[0]?.revision ?? this.#revision + 1;
    if (revision + 1 < oldest && revision < this.#revision) return undefined;
    return this.#events.filter((event) => event.revision > revision);
  }

  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #place(resource: ResourceKey, object: KubeObject): void {
    const objects = this.#objects.get(resource) ?? new Map<string, KubeObject>();
    const key = `${namespaceOf(object)}/${object.metadata.name}`;
    const before = objects.get(key);
    if (before !== undefined) this.#owners.remove(resource, before);
    this.#owners.add(resource, object);
    this.#objects.set(resource, objects.set(key, object));
  }

  #tell(event: StoreEvent): void {
    this.#events.push(event);
    if (this.#events.length > WINDOW) this.#events.splice(0, this.#events.length - WINDOW);
    for (const listener of this.#listeners) listener(event);
  }
}
