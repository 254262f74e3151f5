import { isJsonObject, type Json, type JsonObject } from "../model/kube-object.ts";
import type { Entry, Outline } from "./outline.ts";
import type { ValueIds } from "./value-ids.ts";

/** What becomes of the merges (`<<`) of a mapping. */
interface Merges {
  readonly stay: boolean;
  /** What they bring, if they stay. */
  readonly keys: ReadonlyMap<string, Json>;
}

const GONE: Merges = { stay: false, keys: new Map() };

/**
 * The merges of a mapping stay if all that they will bring is wanted, and go otherwise. Undefined where the mapping can
 * only stay or be written anew as a whole, as one merges more than aliases, or hides a key that is written before it.
 */
export function mergesOf(
  { ids, anchors }: { readonly ids: ValueIds; readonly anchors: ReadonlyMap<string, Json> },
  entries: readonly Entry[],
  before: JsonObject,
  wanted: JsonObject,
): Merges | undefined {
  const last = entries.findLast((entry) => entry.merge);
  if (last === undefined) return GONE;
  const keys = new Map<string, Json>();
  for (const { alias } of entries.flatMap(sourcesOf)) {
    if (alias === undefined) return ids.same(before, wanted) ? undefined : GONE;
    const object = anchors.get(alias);
    if (object === undefined) return GONE;
    if (!isJsonObject(object)) return undefined;
    for (const [key, item] of Object.entries(object)) keys.set(key, item);
  }
  if (entries.some(({ key, start }) => key !== undefined && start < last.start && keys.has(key)))
    return undefined;
  return [...keys.keys()].every((key) => Object.hasOwn(wanted, key)) ? { stay: true, keys } : GONE;
}

/** The sources of a merge, the one that wins last. */
function sourcesOf({ merge, value }: Entry): Outline[] {
  if (!merge) return [];
  return value.kind === "list" ? value.entries.map((entry) => entry.value).toReversed() : [value];
}
