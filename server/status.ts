import type { EngineApi } from "../api/engine-api.ts";
import type { ClusterHealth } from "../engine/model/status.ts";
import type { ClusterView, StatusView } from "../engine/model/view.ts";

/** How many clusters have which health; all words are there. */
export function countByHealth(clusters: readonly ClusterView[]): Record<ClusterHealth, number> {
  const counts = { healthy: 0, progressing: 0, degraded: 0, unreachable: 0, unknown: 0, deleting: 0 };
  for (const cluster of clusters) counts[cluster.health]++;
  return counts;
}

/** An engine in a few lines; `version` is Strata's. */
export function describeEngine(engine: EngineApi, version: string): StatusView {
  const { ready, problems } = engine.ready();
  return { version, head: engine.head(), ready, problems, clusters: countByHealth(engine.fleet()) };
}
