import type { Problem } from "../../model/errors.ts";
import { describeId } from "../../model/kube-object.ts";
import { replicasOf } from "../normalise.ts";
import type { Item } from "../plan-apply.ts";
import type { SyncContext } from "../sync-context.ts";

/** What of a healthy layer is knowingly not as the profile says; the message is empty where nothing is. */
export interface Departures {
  readonly message: string;
  readonly problems: readonly Problem[];
}

/** Fields that two fight over, and replicas that are left to what scales them. */
export function departures(
  items: readonly Item[],
  { store, drift }: Pick<SyncContext, "store" | "drift">,
): Departures {
  const problems = items.flatMap((item) => {
    const left = leftReplicas(item, store.get(item.key)?.leftReplicas);
    return [drift.contestOf(item), left].filter((problem) => problem !== undefined);
  });
  const [first] = problems;
  if (first === undefined) return { message: "", problems };
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return { message: `${first.object}: ${first.message}${more}`, problems };
}

function leftReplicas(item: Item, left: number | undefined): Problem | undefined {
  if (left === undefined || left !== replicasOf(item.body)) return undefined;
  return {
    ...item.place,
    code: "replicas-left",
    message: `replicas are left to what scales it; the profile's ${left} do not count until it names others`,
    object: describeId(item.id),
    severity: "warning",
  };
}
