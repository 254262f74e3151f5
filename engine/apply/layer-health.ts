import type { Problem } from "../model/errors.ts";
import { describeId } from "../model/kube-object.ts";
import type { ObjectHealth } from "../model/status.ts";
import { isJob, type Item } from "./plan-apply.ts";
import type { SyncContext } from "./sync-context.ts";

/** Health of one object of the render, as its watch, its Pods and the inventory tell it. */
export interface ItemHealth {
  readonly health: ObjectHealth;
  /** Why, for people; empty when healthy. */
  readonly message: string;
}

/** Health of an object that the server accepted. */
export function healthOfItem(item: Item, { store, live, pods }: ItemHealthContext): ItemHealth {
  const facts = live.get(item.key);
  if (facts !== undefined) return pods.refine(item.key, facts);
  const entry = store.get(item.key);
  if (isJob(item.id) && entry?.uid !== undefined && entry.uid !== "") {
    const failed = entry.job === "failed";
    return failed ? { health: "failed", message: "the Job failed; it is gone by now" } : HEALTHY;
  }
  return { health: "unknown", message: "it is gone, or lost its label" };
}

type ItemHealthContext = Pick<SyncContext, "store" | "live" | "pods">;

const HEALTHY: ItemHealth = { health: "healthy", message: "" };

/** Health of a layer whose objects were all accepted. */
export interface LayerHealth {
  readonly state: "healthy" | "progressing" | "failed";
  readonly message: string;
  /** One for each object that is not healthy. */
  readonly problems: readonly Problem[];
}

export function healthOfItems(items: readonly Item[], context: ItemHealthContext): LayerHealth {
  const unready = items
    .map((item) => ({ item, ...healthOfItem(item, context) }))
    .filter(({ health }) => health !== "healthy");
  const failed = unready.filter(({ health }) => health === "failed");
  const [first] = failed.length > 0 ? failed : unready;
  if (first === undefined) return { state: "healthy", message: "", problems: [] };
  const problems = unready.map(({ item, health, message }): Problem => {
    const severity = health === "failed" ? "error" : "warning";
    return { ...item.place, code: `object-${health}`, message, object: describeId(item.id), severity };
  });
  const count = failed.length > 0 ? failed.length : unready.length;
  const more = count > 1 ? ` (and ${count - 1} more)` : "";
  const message = `${describeId(first.item.id)}: ${first.message}${more}`;
  return { state: failed.length > 0 ? "failed" : "progressing", message, problems };
}
