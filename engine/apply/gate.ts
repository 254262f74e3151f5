import type { Problem } from "../model/errors.ts";
import { describeId } from "../model/kube-object.ts";
import { calledServices, isDefinition } from "./definitions.ts";
import type { Rank } from "./order.ts";
import type { Item } from "./plan-apply.ts";
import type { SyncContext } from "./sync-context.ts";

/**
 * What objects of a rank still wait for although all ranks before were accepted: webhooks and aggregated APIs for
 * ready endpoints of the Service that they name, custom resources for their layer's definitions.
 * @param open the objects of the rank that are not accepted yet
 * @param all every object of the layer
 */
export function gateOf(
  rank: Rank,
  open: readonly Item[],
  all: readonly Item[],
  context: SyncContext,
): Problem | undefined {
  if (rank === "callers") return missingService(open, context);
  return rank === "custom-resources" ? missingDefinition(all, context) : undefined;
}

function missingService(open: readonly Item[], { endpoints }: SyncContext): Problem | undefined {
  const calls = open.flatMap((item) => calledServices(item.body).map((service) => ({ item, service })));
  const [missing] = calls.filter(({ service }) => !endpoints.isReady(service));
  if (missing === undefined) {
    endpoints.release(calls.map(({ service }) => service));
    return undefined;
  }
  const { item, service } = missing;
  const name = `Service ${service.namespace}/${service.name}`;
  const doubt = endpoints.doubtOf(service);
  return {
    ...item.place,
    code: "service-not-ready",
    message:
      doubt === undefined
        ? `${name} has no ready endpoints yet`
        : `whether ${name} has ready endpoints cannot be told: ${doubt}`,
    object: describeId(item.id),
  };
}

function missingDefinition(all: readonly Item[], { live }: SyncContext): Problem | undefined {
  const missing = all.find(
    (item) => isDefinition(item.id) && live.get(item.key)?.health.health !== "healthy",
  );
  if (missing === undefined) return undefined;
  const message = "the definition is not established yet";
  return { ...missing.place, code: "definition-not-established", message, object: describeId(missing.id) };
}
