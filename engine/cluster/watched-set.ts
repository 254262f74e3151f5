import type { KubeObject } from "../model/kube-object.ts";
import type { GoneObject, ObjectRef, WatchHandlers } from "./types.ts";

/** What a watch has told of: names and uids alone, so that a new listing shows what vanished unseen. */
export class WatchedSet {
  readonly #uids = new Map<string, { readonly ref: ObjectRef; readonly uid: string }>();
  readonly #handlers: WatchHandlers;
  #listed: Set<string> | undefined;

  constructor(handlers: WatchHandlers) {
    this.#handlers = handlers;
  }

  has({ namespace, name }: ObjectRef): boolean {
    return this.#uids.has(keyOf(namespace, name));
  }

  /** A listing begins: what it does not mention until `endListing` is gone. */
  beginListing(): void {
    this.#listed = new Set();
  }

  endListing(): void {
    const listed = this.#listed;
    this.#listed = undefined;
    for (const [key, { ref, uid }] of this.#uids) {
      if (listed === undefined || listed.has(key)) continue;
      this.#uids.delete(key);
      this.#handlers.onGone({ ...ref, uid });
    }
    this.#handlers.onSynced();
  }

  upsert(object: KubeObject): void {
    const { ref, uid, key } = factsOf(object);
    const before = this.#uids.get(key);
    if (before !== undefined && before.uid !== uid) this.#handlers.onGone({ ...ref, uid: before.uid });
    this.#listed?.add(key);
    if (before?.uid !== uid) this.#uids.set(key, { ref, uid });
    this.#handlers.onUpsert(object);
  }

  remove(object: KubeObject, resourceVersion: string): void {
    const { ref, uid, key } = factsOf(object);
    this.#uids.delete(key);
    this.#listed?.delete(key);
    const gone: GoneObject = { ...ref, uid, resourceVersion };
    this.#handlers.onGone(gone);
  }
}

function factsOf(object: KubeObject): { ref: ObjectRef; uid: string; key: string } {
  const { namespace, name, uid } = object.metadata;
  const ref = { namespace: typeof namespace === "string" ? namespace : "", name };
  return { ref, uid: typeof uid === "string" ? uid : "", key: keyOf(ref.namespace, name) };
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
