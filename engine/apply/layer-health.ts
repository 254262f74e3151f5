import { failed, type Health, HEALTHY } from "../health/health.ts";
import type { Problem } from "../model/errors.ts";
import { describeId } from "../model/kube-object.ts";
import { isJob, type Item } from "./plan-apply.ts";
import type { SyncContext } from "./sync-context.ts";

/** Health of an object that the server accepted, as its watch, its Pods and the inventory tell it. */
export function healthOfItem(item: Item, { store, live, pods }: HealthSources): Health {
  const facts = live.get(item.key);
  if (facts !== undefined) return pods.healthOf(item.key, facts);
  const entry = store.get(item.key);
  if (!isJob(item.id) || entry === undefined || entry.uid === "") {
    return { health: "unknown", message: "it is gone, or lost its label" };
  }
  return entry.job === "failed" ? failed("the Job failed, and is gone by now") : HEALTHY;
}

type HealthSources = Pick<SyncContext, "store" | "live" | "pods">;

/** Health of a layer whose objects were all accepted. */
export interface LayerHealth {
  readonly state: "healthy" | "progressing" | "failed";
  readonly message: string;
  /** One for each object that is not healthy. */
  readonly problems: readonly Problem[];
  /** It changes by the clock alone: ask again after so many milliseconds. */
  readonly recheckMs?: number;
}

export function healthOfItems(items: readonly Item[], context: HealthSources): LayerHealth {
  const unready = items
    .map((item) => ({ item, ...healthOfItem(item, context) }))
    .filter(({ health }) => health !== "healthy");
  const hopeless = unready.filter(({ health }) => health === "failed");
  const [first] = hopeless.length > 0 ? hopeless : unready;
  if (first === undefined) return { state: "healthy", message: "", problems: [] };
  const problems = unready.map(({ item, health, message }): Problem => {
    const severity = health === "failed" ? "error" : "warning";
    return { ...item.place, code: `object-${health}`, message, object: describeId(item.id), severity };
  });
  const count = hopeless.length > 0 ? hopeless.length : unready.length;
  const more = count > 1 ? ` (and ${count - 1} more)` : "";
  const message = `${describeId(first.item.id)}: ${first.message}${more}`;
  const recheckMs = Math.min(...unready.map((object) => object.recheckMs ?? Number.POSITIVE_INFINITY));
  return {
    state: hopeless.length > 0 ? "failed" : "progressing",
    message,
    problems,
    ...(Number.isFinite(recheckMs) ? { recheckMs } : {}),
  };
}
