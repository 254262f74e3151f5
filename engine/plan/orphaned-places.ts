import type { MergedPath } from "../merge/index.ts";
import { describeId, objectKey } from "../model/kube-object.ts";
import { fullPath } from "./choose-path.ts";

/** Something that is overridden and has no place, to be decided about at once. */
export interface OrphanedPlace {
  /** As commands take it (see `choosePath`). */
  readonly place: string;
  /** For people: the paths too, where it is a whole object. */
  readonly text: string;
}

/** So many paths of an object are named. */
const NAMED = 5;

/** The orphans among the overridden paths of a layer: one by one, or an object of which no path has a place. */
export function orphanedPlaces(paths: readonly MergedPath[]): OrphanedPlace[] {
  return [...Map.groupBy(paths, ({ object }) => objectKey(object)).values()].flatMap((ofObject) => {
    const orphans = ofObject.filter(({ state }) => state === "orphaned");
    const [first] = orphans;
    if (first === undefined || orphans.length === 1 || orphans.length < ofObject.length)
      return orphans.map((one) => ({ place: fullPath(one), text: fullPath(one) }));
    const place = describeId(first.object);
    const more = orphans.length > NAMED ? ` and ${orphans.length - NAMED} more` : "";
    const names = orphans.slice(0, NAMED).map(({ path }) => path);
    return [{ place, text: `${place} (${names.join(", ")}${more})` }];
  });
}
