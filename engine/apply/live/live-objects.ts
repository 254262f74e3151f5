import { isNotNewer } from "../../cluster/resource-version.ts";
import type { GoneObject, KubeApi, ResourceType } from "../../cluster/types.ts";
import type { EngineError } from "../../model/errors.ts";
import { type KubeObject, type ObjectId, objectIdOf, objectKey } from "../../model/kube-object.ts";
import type { Entry } from "../inventory/model.ts";
import { PART_OF_LABEL } from "../marks.ts";
import { resourceVersionOf, textAt } from "../ownership.ts";
import { factsOf, type LiveFacts } from "./facts.ts";
import { KindWatch } from "./kind-watch.ts";

export interface LiveObjectsOptions {
  readonly api: KubeApi;
  /** Id of the ApplySet: the watches are narrowed by its label. */
  readonly applySet: string;
  /** What the inventory has of an object: events of watches at other versions than the applied one do not count. */
  readonly entryOf: (key: string) => Entry | undefined;
  /** The facts of one object changed; undefined where it is gone, or lost our label. */
  readonly onChange: (key: string, facts: LiveFacts | undefined) => void;
  /** A watch came to stand or went down. */
  readonly onWatch: () => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type WatchedKind = Pick<ResourceType, "group" | "version" | "kind">;

/** What the watches of one cluster know of the objects that carry our label: facts, never whole objects. */
export class LiveObjects {
  readonly #options: LiveObjectsOptions;
  readonly #facts = new Map<string, LiveFacts>();
  readonly #watches = new Map<string, KindWatch>();

  constructor(options: LiveObjectsOptions) {
    this.#options = options;
  }

  get(key: string): LiveFacts | undefined {
    return this.#facts.get(key);
  }

  all(): readonly LiveFacts[] {
    return [...this.#facts.values()];
  }

  /** Whether the watch of a kind stands: an object of it without facts is gone or has lost our label. */
  isWatched(kind: WatchedKind): boolean {
    return this.#watches.get(watchKey(kind))?.standing ?? false;
  }

  /** The failure to reach the cluster that a watch met; undefined while there is none. */
  get unreachable(): EngineError | undefined {
    return [...this.#watches.values()]
      .map((watch) => watch.unreachable)
      .find((problem) => problem !== undefined);
  }

  /**
   * Watches these kinds, and waits until each watch stands or is known not to.
   * @param kinds with the namespaces that matter where a kind cannot be watched in the whole cluster
   * @throws the failure to reach the cluster, and the signal's reason
   */
  async watch(kinds: ReadonlyMap<ResourceType, ReadonlySet<string>>, signal: AbortSignal): Promise<void> {
    const opened = [...kinds].map(([type, namespaces]) => ({ watch: this.#watchOf(type), namespaces }));
    await Promise.all(opened.map(({ watch, namespaces }) => watch.ready(namespaces, signal)));
  }

  /** Closes the watches of all other kinds, and forgets what nothing watches any more. */
  retain(kinds: Iterable<WatchedKind>): void {
    const kept = new Set([...kinds].map(watchKey));
    for (const [key, watch] of this.#watches) {
      if (kept.has(key)) continue;
      watch.close();
      this.#watches.delete(key);
      const { group, kind } = watch.type;
      const others = [...this.#watches.values()].map(({ type }) => type);
      if (!others.some((type) => type.group === group && type.kind === kind)) this.#forgetKind(watch.type);
    }
  }

  /**
   * Takes in an object as the answer to a request of ours has it. One that arrives after the event of the object's end
   * does not bring it back.
   */
  observe(object: KubeObject): void {
    const id = objectIdOf(object);
    const key = objectKey(id);
    const version = resourceVersionOf(object);
    // One that has not our label is in no watch
    const isLabelled = textAt(object, "labels", PART_OF_LABEL) === this.#options.applySet;
    const hasEnded = isLabelled && !this.#isKnown(key, version) && this.#isGone(id, version);
    if (!hasEnded) return this.#take(object);
    this.#facts.delete(key);
    this.#options.onChange(key, undefined);
  }

  /** The inventory has an object as it was applied: the object is kept no longer, where it is still so. */
  settle(key: string): void {
    const facts = this.#facts.get(key);
    if (facts === undefined) return;
    const { changed, ...rest } = facts;
    const isChanged = changed !== undefined && facts.digest !== this.#options.entryOf(key)?.live;
    this.#facts.set(key, isChanged ? facts : rest);
  }

  /** The object is proven gone, or no longer carries our label. */
  forget(key: string): void {
    if (this.#facts.delete(key)) this.#options.onChange(key, undefined);
  }

  close(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }

  /** Takes in an object as the server gave it. Older states change nothing. */
  #take(object: KubeObject): void {
    const key = objectKey(objectIdOf(object));
    if (this.#isKnown(key, resourceVersionOf(object))) return;
    const facts = factsOf(object, new Date(this.#options.now()));
    const entry = this.#options.entryOf(key);
    const changed = entry?.uid === facts.uid && entry.live !== facts.digest;
    this.#facts.set(key, changed ? { ...facts, changed: object } : facts);
    this.#options.onChange(key, facts);
  }

  /** Whether this state of an object, or a newer one, is known. */
  #isKnown(key: string, resourceVersion: string): boolean {
    const known = this.#facts.get(key);
    return known !== undefined && isNotNewer(resourceVersion, known.resourceVersion);
  }

  #factsOfKind({ group, kind }: ResourceType): readonly (readonly [string, LiveFacts])[] {
    return [...this.#facts].filter(([, { id }]) => id.group === group && id.kind === kind);
  }

  /** What happens to these objects is not seen any more: what is known of them may be wrong. */
  #forgetKind(type: ResourceType): void {
    for (const [key] of this.#factsOfKind(type)) this.forget(key);
  }

  /** Whether a watch has told more than this state of an object, and has it no longer. */
  #isGone(id: ObjectId, resourceVersion: string): boolean {
    const watches = [...this.#watches.values()];
    const own = watches.filter(({ type }) => type.group === id.group && type.kind === id.kind);
    return own.some((watch) => watch.lacks(id, resourceVersion));
  }

  /** What answers to our requests told of a kind, and no listing or event did, went unseen. */
  #forgetGone(type: ResourceType): void {
    for (const [key, { id, resourceVersion }] of this.#factsOfKind(type))
      if (this.#isGone(id, resourceVersion)) this.forget(key);
  }

  #watchOf(type: ResourceType): KindWatch {
    const known = this.#watches.get(watchKey(type));
    if (known !== undefined) return known;
    const watch = new KindWatch({
      api: this.#options.api,
      type,
      labelSelector: `${PART_OF_LABEL}=${this.#options.applySet}`,
      onUpsert: (object) => this.#upsert(type, object),
      onGone: (gone) => this.#gone(type, gone),
      onSynced: () => this.#forgetGone(type),
      onState: this.#options.onWatch,
      onNarrow: () => this.#forgetKind(type),
    });
    this.#watches.set(watchKey(type), watch);
    return watch;
  }

  #upsert(type: ResourceType, object: KubeObject): void {
    const version = this.#options.entryOf(objectKey(objectIdOf(object)))?.version;
    if (version === undefined || version === type.version) this.#take(object);
  }

  #gone(type: ResourceType, gone: GoneObject): void {
    const namespace = type.namespaced ? gone.namespace : "";
    const key = objectKey({ group: type.group, kind: type.kind, namespace, name: gone.name });
    const known = this.#facts.get(key);
    if (known === undefined || known.uid !== gone.uid) return;
    const older =
      gone.resourceVersion !== undefined && isNotNewer(gone.resourceVersion, known.resourceVersion);
    if (!older) this.forget(key);
  }
}

function watchKey(kind: WatchedKind): string {
  return `${kind.group}/${kind.version}/${kind.kind}`;
}
