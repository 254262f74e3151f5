import type { EngineApi } from "../api/engine-api.ts";
import { CLUSTER_HEALTHS, type ClusterHealth } from "../engine/model/status.ts";
import type { ClusterView, StatusView } from "../engine/model/view.ts";

/** How many clusters have which health; all words are there. */
export function countByHealth(clusters: readonly ClusterView[]): Record<ClusterHealth, number> {
  // Sound: there is one entry for each word
  const counts = Object.fromEntries(CLUSTER_HEALTHS.map((health) => [health, 0])) as Record<
    ClusterHealth,
    number
  >;
  for (const cluster of clusters) counts[cluster.health]++;
  return counts;
}

/** An engine in a few lines; `version` is Strata's. */
export function describeEngine(engine: EngineApi, version: string): StatusView {
  const { ready, problems } = engine.ready();
  return { version, head: engine.head(), ready, problems, clusters: countByHealth(engine.fleet()) };
}
