import { fieldElement, type ManagedEntry } from "../../merge/index.ts";
import { OWN_KEY, type Holdings } from "./holdings.ts";
import { touches } from "./field-drift.ts";

const REPLICAS = ["spec", "replicas"].map(fieldElement);

/** How a path of replicas reads. */
export const REPLICAS_FIELD = ".spec.replicas";

/**
 * The manager to which the replicas of a live object are left: it took them through the `scale` subresource and is
 * not a person at `kubectl scale`, or it took them by any way on the target of an autoscaler.
 */
export function scaledBy({ managed }: Pick<Holdings, "managed">, isTarget: boolean): string | undefined {
  const holders = [...managed].filter(([, { fields }]) => touches(fields, REPLICAS));
  if (holders.some(([key]) => key === OWN_KEY)) return undefined;
  const [, taker] = holders.find(([, entry]) => isTarget || isScaler(entry)) ?? [];
  return taker?.manager;
}

function isScaler({ manager, subresource }: ManagedEntry): boolean {
  return subresource === "scale" && !/^kubectl($|-)/.test(manager);
}
