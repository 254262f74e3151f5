import type { ChosenPath } from "../merge/index.ts";
import { EngineError } from "../model/errors.ts";
import { describeId, type ObjectId } from "../model/kube-object.ts";

/** An overridden path, and the layer that it is in. */
export interface LayerPath extends ChosenPath {
  readonly layer: string;
}

/**
 * The overridden paths that a user's text stands for: `spec.replicas` where one object has it, else with the object
 * before it as lists print it (`Deployment.apps hello/web spec.replicas`), or an object alone for all of it.
 * Throws `path-unknown` and `path-ambiguous`, each naming what there is.
 */
export function choosePath(paths: readonly LayerPath[], text: string): LayerPath {
  const wanted = text.trim();
  const exact = paths.filter((one) => one.path === wanted || fullPath(one) === wanted);
  const [first] = exact;
  if (first !== undefined && exact.length === 1) return first;
  if (exact.length > 1) {
    throw new EngineError("path-ambiguous", `${exact.length} objects override "${wanted}"`, {
      hint: `say which: ${exact.map((one) => `'${fullPath(one)}'`).join(", ")}`,
    });
  }
  const ofObject = paths.find(({ object }) => describeId(object) === wanted);
  if (ofObject !== undefined) return { ...ofObject, path: "" };
  const known = paths.map((one) => `'${fullPath(one)}'`).join(", ");
  throw new EngineError("path-unknown", `nothing is overridden at "${wanted}"`, {
    hint: known === "" ? "the cluster overrides nothing there" : `overridden are ${known}`,
  });
}

/** A path with its object, as lists print it. */
export function fullPath({ object, path }: { readonly object: ObjectId; readonly path: string }): string {
  return path === "" ? describeId(object) : `${describeId(object)} ${path}`;
}
