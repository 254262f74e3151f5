import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapsAt, namespaceOf, textAt } from "./parts.ts";
import type { ResourceKey } from "./types.ts";

/** An object and where it is kept. */
export interface Kept {
  readonly resource: ResourceKey;
  readonly object: KubeObject;
}

/** Which objects name an owner, by the owner's uid: without it every change of a Pod would read all of them. */
export class OwnerIndex {
  readonly #dependents = new Map<string, Map<string, Kept>>();

  add(resource: ResourceKey, object: KubeObject): void {
    for (const uid of ownersOf(object)) {
      const known = this.#dependents.get(uid) ?? new Map<string, Kept>();
      this.#dependents.set(uid, known.set(keyOf(resource, object), { resource, object }));
    }
  }

  remove(resource: ResourceKey, object: KubeObject): void {
    for (const uid of ownersOf(object)) {
      const known = this.#dependents.get(uid);
      known?.delete(keyOf(resource, object));
      if (known?.size === 0) this.#dependents.delete(uid);
    }
  }

  of(uid: string): Kept[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }
}

function ownersOf(object: KubeObject): string[] {
  return mapsAt(object, "metadata", "ownerReferences").map((reference) => textAt(reference, "uid"));
}

function keyOf(resource: ResourceKey, object: KubeObject): string {
  return `${resource} ${namespaceOf(object)}/${object.metadata.name}`;
}
