import { fieldElement, type ManagedEntry } from "../../merge/index.ts";
import type { Entry } from "../inventory/model.ts";
import { replicasOf } from "../normalise.ts";
import type { Item, Variant } from "../plan-apply.ts";
import { OWN_KEY, type Holdings } from "./holdings.ts";
import { touches } from "./field-drift.ts";

const REPLICAS = ["spec", "replicas"].map(fieldElement);

/** How a path of replicas reads. */
export const REPLICAS_FIELD = ".spec.replicas";

/**
 * Who scales a live object by now, so that the replicas that the profile names are left. Undefined where nobody does,
 * and where they were left before: then another value of the profile counts.
 * @param entry what the inventory has of this very object
 */
export function newScaler(
  item: Item,
  entry: Pick<Entry, "leftReplicas"> | undefined,
  holdings: Holdings,
  autoscaled: ReadonlySet<string>,
): string | undefined {
  if (entry?.leftReplicas !== undefined || replicasOf(item.body) === undefined) return undefined;
  return scaledBy(holdings, autoscaled.has(item.key));
}

/** The replicas of the profile that are left to others. */
export function leaving(item: Item): Pick<Variant, "leftReplicas"> {
  const leftReplicas = replicasOf(item.body);
  return leftReplicas === undefined ? {} : { leftReplicas };
}

/**
 * The manager to which the replicas of a live object are left: it took them through the `scale` subresource and is
 * not a person at `kubectl scale`, or it took them by any way on the target of an autoscaler.
 */
function scaledBy({ managed }: Pick<Holdings, "managed">, isTarget: boolean): string | undefined {
  const holders = [...managed].filter(([, { fields }]) => touches(fields, REPLICAS));
  if (holders.some(([key]) => key === OWN_KEY)) return undefined;
  const [, taker] = holders.find(([, entry]) => isTarget || isScaler(entry)) ?? [];
  return taker?.manager;
}

function isScaler({ manager, subresource }: ManagedEntry): boolean {
  return subresource === "scale" && !/^kubectl($|-)/.test(manager);
}
