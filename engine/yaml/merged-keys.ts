import { isJsonObject, type Json } from "../model/kube-object.ts";
import type { Entry, Outline } from "./outline.ts";

/** What the merges (`<<`) of a mapping bring to it. */
export type MergedKeys = ReadonlyMap<string, Json>;

/**
 * What the merges among the entries will bring, `gone` where one names an anchor that will not be there, and undefined
 * where one holds more than aliases of mappings.
 */
export function mergedBy(
  entries: readonly Entry[],
  anchors: ReadonlyMap<string, Json>,
): MergedKeys | "gone" | undefined {
  const merged = new Map<string, Json>();
  for (const { alias } of entries.flatMap(sourcesOf)) {
    if (alias === undefined) return undefined;
    const object = anchors.get(alias);
    if (object === undefined) return "gone";
    if (!isJsonObject(object)) return undefined;
    for (const [key, item] of Object.entries(object)) merged.set(key, item);
  }
  return merged;
}

/** The sources of a merge, the one that wins last. */
function sourcesOf({ merge, value }: Entry): Outline[] {
  if (!merge) return [];
  return value.kind === "list" ? value.entries.map((entry) => entry.value).toReversed() : [value];
}
