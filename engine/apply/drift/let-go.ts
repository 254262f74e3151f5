import type { PatchStep } from "../../cluster/types.ts";
import {
  differenceBelow,
  equalSets,
  fieldElement,
  fieldSet,
  intersection,
  type Path,
  union,
} from "../../merge/index.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import { ADOPTED_ANNOTATION, PART_OF_LABEL } from "../marks.ts";
import { entriesPatch, holdingsOf, OWN_KEY } from "./holdings.ts";

const MARKS = fieldSet([
  ["metadata", "labels", PART_OF_LABEL].map(fieldElement),
  ["metadata", "annotations", ADOPTED_ANNOTATION].map(fieldElement),
]);

/**
 * Takes places out of our entry in `managedFields`, but for our label and mark: the values stay, and are nobody's or
 * of those who hold them too.
 * @returns no steps where we hold nothing there
 */
export function letGoPatch(object: KubeObject, paths: readonly Path[]): readonly PatchStep[] {
  const { managed, own } = holdingsOf(object);
  const entry = managed.get(OWN_KEY);
  const fields = union(differenceBelow(own, fieldSet(paths)), intersection(own, MARKS));
  if (entry === undefined || equalSets(fields, own)) return [];
  return entriesPatch(object, new Map(managed).set(OWN_KEY, { ...entry, fields }));
}
