import { isJsonObject, type KubeObject } from "../model/kube-object.ts";
import { applyFields } from "./live-digest.ts";
import { ADOPTED_ANNOTATION, PART_OF_LABEL } from "./marks.ts";

/**
 * Whose a live object is.
 * - `ours`: it carries our ApplySet's label and an Apply entry of ours; `adopted` where it was there before us.
 * - `another`: it carries the label of ApplySet `applySet`.
 * - `nobody`: no Strata label, or one that was only copied (a Service's label is copied to its Endpoints).
 */
export type Ownership =
  | { readonly owner: "ours"; readonly adopted: boolean }
  | { readonly owner: "another"; readonly applySet: string }
  | { readonly owner: "nobody" };

export function ownership(object: KubeObject, applySet: string): Ownership {
  const label = textAt(object, "labels", PART_OF_LABEL);
  if (label === undefined || label === "") return { owner: "nobody" };
  if (label !== applySet) return { owner: "another", applySet: label };
  if (applyFields(object) === undefined) return { owner: "nobody" };
  return { owner: "ours", adopted: textAt(object, "annotations", ADOPTED_ANNOTATION) === "true" };
}

/** A text in a map of the metadata: `labels` or `annotations`. */
export function textAt(object: KubeObject, map: "labels" | "annotations", key: string): string | undefined {
  const values = object.metadata[map];
  const value = isJsonObject(values) ? values[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** `metadata.uid` of an object from a server; empty in a manifest. */
export function uidOf(object: KubeObject): string {
  return typeof object.metadata.uid === "string" ? object.metadata.uid : "";
}

/** `metadata.resourceVersion` of an object from a server; empty in a manifest. */
export function resourceVersionOf(object: KubeObject): string {
  return typeof object.metadata.resourceVersion === "string" ? object.metadata.resourceVersion : "";
}

/** Whether the server is deleting the object. */
export function isTerminating(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined && object.metadata.deletionTimestamp !== null;
}
