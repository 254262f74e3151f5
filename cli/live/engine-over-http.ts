import { createApiClient } from "../../api/client.ts";
import type { EngineRecord } from "../../server/engine-file.ts";
import type { Live } from "./types.ts";

/** A dry run asks the cluster about every object that changes or leaves. */
const TRY_MS = 5 * 60_000;

/** Live state from an engine that another process runs. */
export function engineOverHttp({ address, token, pid }: EngineRecord): Live {
  const client = createApiClient({ address, token });
  return {
    description: `engine at ${address} (pid ${pid})`,
    clusters: (signal) => client.call("listClusters", { signal }),
    cluster: (name, signal) => client.call("getCluster", { params: { name }, signal }),
    workloads: (name, namespace, signal) =>
      client.call("listWorkloads", { params: { name }, query: { namespace }, signal }),
    diff: (name, signal) => client.call("diffCluster", { params: { name }, signal }),
    tryUpdates: (name, signal) =>
      client.call("listUpdates", {
        params: { name },
        query: { dryRun: "server" },
        signal,
        timeout: TRY_MS,
      }),
    prune: (name, signal) => client.call("getPrune", { params: { name }, signal, timeout: TRY_MS }),
    status: (signal) => client.call("getStatus", { signal }),
    sync: (clusters, { signal, timeout }) =>
      client.call("sync", {
        body: clusters === undefined ? {} : { clusters: [...clusters] },
        signal,
        timeout,
      }),
    recentEvents: (signal) => client.call("listEvents", { signal }),
    events: (options) => client.events(options),
    close: () => client.close(),
  };
}
