import {
  fieldElement,
  formatOverridePath,
  jsonEqual,
  type Managed,
  type Path,
  type SchemaOf,
  valueAt,
} from "../../merge/index.ts";
import type { KubeObject } from "../../model/kube-object.ts";
import { touches } from "../drift/field-drift.ts";
import { holdingsOf, OWN_KEY } from "../drift/holdings.ts";
import { creationBody } from "../initial-values.ts";
import { type Item, leavesReplicas, type Variant } from "../plan-apply.ts";

/** A value that is not as the profile has it, and is knowingly left so. */
export interface LeftValue {
  /** As overrides write it: `spec.replicas`. */
  readonly path: string;
  /** Names of the field managers that hold it now; none where nobody does. */
  readonly managers: readonly string[];
  /** To whom and for how long, for people. */
  readonly note: string;
}

const REPLICAS: Path = ["spec", "replicas"].map(fieldElement);

/** What an apply leaves in a live object although the profile has something else there. Pure. */
export function leftValues(
  item: Item,
  variant: Variant,
  live: KubeObject,
  schemaOf: SchemaOf,
): readonly LeftValue[] {
  const { managed } = holdingsOf(live);
  const wanted = creationBody(item);
  const field = { type: schemaOf(wanted) };
  const isLeft = (path: Path): boolean => {
    const there = valueAt(live, path, field);
    // An item that is missing is made again with all that is in it
    if (there.state === "no-item") return false;
    const named = valueAt(wanted, path, field);
    const [is, was] = [there, named].map((found) => (found.state === "found" ? found.value : null));
    return !jsonEqual(is ?? null, was ?? null);
  };
  const scaled = leavesReplicas(item, variant) ? [REPLICAS] : [];
  const initial = item.initial?.paths ?? [];
  return [
    ...scaled.filter(isLeft).map((path) => leftTo(path, managed, "until the profile names another value")),
    ...initial.filter(isLeft).map((path) => leftTo(path, managed, "as the layer sets it at creation only")),
  ];
}

function leftTo(path: Path, managed: Managed, why: string): LeftValue {
  const holders = [...managed].filter(([key, { fields }]) => key !== OWN_KEY && touches(fields, path));
  const managers = [...new Set(holders.map(([, { manager }]) => manager))].toSorted();
  const to = managers.length === 0 ? "left as it is" : `left to ${managers.join(", ")}`;
  return { path: formatOverridePath(path), managers, note: `${to}, ${why}` };
}
