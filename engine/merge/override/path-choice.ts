import { EngineError } from "../../model/errors.ts";
import { describeId, type ObjectId, objectKey } from "../../model/kube-object.ts";
import type { PathElement } from "../fields/path-element.ts";
import { formatOverridePath, type OverridePath, parseOverridePath } from "./path.ts";

/** A path of an override with all that is overridden below it; the empty path is all of its object. */
export interface ChosenPath {
  readonly object: ObjectId;
  readonly path: string;
}

/** The chosen paths of one object as a tree: a place that is chosen, or has chosen ones below it. */
export interface Choice {
  readonly object: ObjectId;
  readonly path: OverridePath;
  chosen: boolean;
  readonly below: Map<PathElement, Choice>;
}

/** The chosen paths of each object. Throws `path-invalid`. */
export function choicesByObject(paths: readonly ChosenPath[]): ReadonlyMap<string, Choice> {
  const roots = new Map<string, Choice>();
  for (const { object, path } of paths) {
    const key = objectKey(object);
    const root = roots.get(key) ?? choiceAt(object, []);
    roots.set(key, root);
    parseOverridePath(path).reduce(choiceBelow, root).chosen = true;
  }
  return roots;
}

function choiceBelow(choice: Choice, element: PathElement): Choice {
  const below = choice.below.get(element) ?? choiceAt(choice.object, [...choice.path, element]);
  choice.below.set(element, below);
  return below;
}

function choiceAt(object: ObjectId, path: OverridePath): Choice {
  return { object, path, chosen: false, below: new Map() };
}

/** Nothing is overridden at a choice, or, where it is not chosen itself, at the first chosen place below it. */
export function unknownPath(choice: Choice): EngineError {
  const [below] = choice.chosen ? [] : choice.below.values();
  if (below !== undefined) return unknownPath(below);
  const object = describeId(choice.object);
  const path = formatOverridePath(choice.path);
  return new EngineError("path-unknown", `nothing is overridden in ${object}${path && ` at ${path}`}`, {
    object,
    hint: "see the overridden paths: strata cluster show",
  });
}
