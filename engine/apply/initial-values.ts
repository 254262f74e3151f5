import { type Path, type TypeSchema, withLivePaths, withoutPaths } from "../merge/index.ts";
import type { KubeObject } from "../model/kube-object.ts";
import { PART_OF_LABEL } from "./marks.ts";
import { normalise } from "./normalise.ts";
import { textAt } from "./ownership.ts";
import { type Item, type Variant, varied } from "./plan-apply.ts";

/** Values of an object that are set when it is made and never again. */
export interface InitialValues {
  /** Their places, as managedFields name them. */
  readonly paths: readonly Path[];
  /** The body that makes the object. */
  readonly body: KubeObject;
  readonly schema: TypeSchema;
}

/** The body that makes an object. */
export function creationBody({ body, initial }: Item): KubeObject {
  return initial?.body ?? body;
}

/** The body without its initial values: what is compared with the object, and with what was sent before. */
export function standingBody({ body, paths, schema }: InitialValues): KubeObject {
  return normaliseAgain(withoutPaths(body, paths, schema), body);
}

/**
 * The body to send for an object that is there. Where it has initial values, the object's own are in it: a server-side
 * apply takes away what an apply before had sent, and with it all that is around it and nobody's.
 */
export function bodyBeside(item: Item, variant: Variant, live: KubeObject): KubeObject {
  if (item.initial === undefined) return varied(item.body, item, variant);
  const { body, paths, schema } = item.initial;
  return varied(normaliseAgain(withLivePaths(body, live, paths, schema), body), item, variant);
}

/** Our label and mark are not to be ignored. */
function normaliseAgain(object: KubeObject, before: KubeObject): KubeObject {
  const applySet = textAt(before, "labels", PART_OF_LABEL) ?? "";
  return normalise(object, { applySet, namespaced: before.metadata.namespace !== undefined });
}
