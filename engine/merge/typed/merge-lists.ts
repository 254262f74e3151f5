import type { Json } from "../../model/kube-object.ts";
import type { PathElement } from "../fields/path-element.ts";
import type { ListSchema } from "../schema/type-schema.ts";
import { itemElement } from "./list-item.ts";

type MergeItem = (live: Json | undefined, config: Json | undefined) => Json | undefined;

/**
 * Merges a set or keyed list. Items that both have stand in the order of the config, items of the live list alone
 * keep their place among their neighbours, new ones come where the config has them. The order is the API server's.
 */
export function mergeLists(
  live: readonly Json[],
  config: readonly Json[],
  schema: ListSchema,
  mergeItem: MergeItem,
): readonly Json[] {
  const liveElements = live.map((item) => itemElement(schema, item));
  const liveItems = indexItems(live, liveElements);
  const configElements = config.map((item) => itemElement(schema, item));
  const configItems = indexItems(config, configElements);
  const shared = configElements.filter((element) => liveItems.has(element));

  const done = new Set<PathElement>();
  const merged: Json[] = [];
  const push = (item: Json | undefined) => {
    if (item !== undefined) merged.push(item);
  };
  let l = 0;
  let c = 0;
  while (l < live.length || c < config.length) {
    const mine = liveElements[l];
    const theirs = configElements[c];
    if (mine !== undefined && !configItems.has(mine)) {
      push(mergeItem(live[l], undefined));
      l++;
      continue;
    }
    if (mine !== undefined && mine !== theirs && shared[0] !== undefined && shared[0] !== mine) {
      // it comes, or came, where the config has it
      l++;
      continue;
    }
    if (mine !== undefined && (mine === theirs || done.has(mine))) l++;
    if (theirs !== undefined) {
      push(mergeItem(liveItems.get(theirs), configItems.get(theirs)));
      done.add(theirs);
      if (shared[0] === theirs) shared.shift();
      c++;
    }
  }
  return merged;
}

/** Items by element. Where live items share one it stands for none of them: null, so that the config's item wins. */
function indexItems(items: readonly Json[], elements: readonly PathElement[]): Map<PathElement, Json> {
  const index = new Map<PathElement, Json>();
  for (const [position, element] of elements.entries()) {
    index.set(element, index.has(element) ? null : (items[position] ?? null));
  }
  return index;
}
