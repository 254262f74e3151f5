import type { PatchStep } from "../../cluster/types.ts";
import type { JsonObject, KubeObject } from "../../model/kube-object.ts";
import { isOwnApplyEntry, managedEntries } from "../live-digest.ts";
import { ADOPTED_ANNOTATION, PART_OF_LABEL, TURN_ANNOTATION } from "../marks.ts";
import { resourceVersionOf, textAt } from "../ownership.ts";

/** A list of this one entry empties `managedFields`; an empty list is ignored (Kubernetes, server-side apply, *Clearing*). */
const NO_ENTRIES: readonly JsonObject[] = [{}];

/**
 * Releases an object: takes away our label, our marks and our `managedFields` entry, and nothing else. An apply without
 * the fields would take the values with it. Fails with 409 where the object changed since it was read.
 */
export function releasePatch(object: KubeObject): readonly PatchStep[] {
  const kept = managedEntries(object).filter((entry) => !isOwnApplyEntry(entry));
  return [
    ...removal(object, "labels", PART_OF_LABEL),
    ...removal(object, "annotations", ADOPTED_ANNOTATION),
    ...removal(object, "annotations", TURN_ANNOTATION),
    { op: "replace", path: "/metadata/managedFields", value: kept.length === 0 ? NO_ENTRIES : kept },
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersionOf(object) },
  ];
}

function removal(object: KubeObject, map: "labels" | "annotations", key: string): readonly PatchStep[] {
  if (textAt(object, map, key) === undefined) return [];
  return [{ op: "remove", path: `/metadata/${map}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}` }];
}
