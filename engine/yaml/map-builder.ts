import { isJsonObject, type Json } from "../model/kube-object.ts";
import { YamlFault } from "./yaml-fault.ts";

/** A mapping while it is read. What is written later wins, also a merge over a key before it: so does go-yaml v2. */
export class MapBuilder {
  readonly value: Record<string, Json> = {};
  /** Keys that came by a merge only: writing them once more is an override and no duplicate. */
  private merged: Set<string> | undefined;

  /** Throws `yaml-duplicate-key`, where kubectl silently takes the last one. */
  set(key: string, value: Json, offset: number): void {
    if (Object.hasOwn(this.value, key) && this.merged?.delete(key) !== true) {
      throw new YamlFault(
        "yaml-duplicate-key",
        `the key "${key.slice(0, 60)}" is there twice`,
        offset,
        "keep one of them",
      );
    }
    this.put(key, value);
  }

  /** Merges what `<<` names: a mapping, or a list of mappings of which the first wins. */
  merge(source: Json, listAllowed: boolean, offset: number): void {
    const list: readonly Json[] = Array.isArray(source) && listAllowed ? source : [source];
    for (const item of list.toReversed()) {
      if (!isJsonObject(item))
        throw new YamlFault("yaml-invalid", "<< takes a mapping or a list of mappings", offset);
      for (const [key, value] of Object.entries(item)) this.mergeOne(key, value);
    }
  }

  private mergeOne(key: string, value: Json): void {
    if (!Object.hasOwn(this.value, key)) {
      this.merged ??= new Set();
      this.merged.add(key);
    }
    this.put(key, value);
  }

  /** Plain assignment to `__proto__` would change the prototype instead. */
  private put(key: string, value: Json): void {
    if (key !== "__proto__") this.value[key] = value;
    else
      Object.defineProperty(this.value, key, { value, writable: true, enumerable: true, configurable: true });
  }
}
