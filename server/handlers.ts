import type { EngineApi } from "../api/engine-api.ts";
import type { BodyOf, ParamsOf, QueryOf, ResponseOf, RouteName } from "../api/routes.ts";
import { EngineError } from "../engine/model/errors.ts";
import { matchesFilter, parseFilter } from "../engine/model/filter.ts";
import { describeEngine } from "./status.ts";

/** A request as its route's schemas read it. `signal` is aborted when the client leaves or the server stops. */
export interface Asked<Name extends RouteName> {
  readonly params: ParamsOf<Name>;
  readonly query: QueryOf<Name>;
  readonly body: BodyOf<Name>;
  readonly signal: AbortSignal;
}

export type Handlers = {
  readonly [Name in RouteName]: (asked: Asked<Name>) => ResponseOf<Name> | Promise<ResponseOf<Name>>;
};

/** What each route answers. */
export function createHandlers(engine: EngineApi, version: string): Handlers {
  const known = (name: string) => {
    const cluster = engine.cluster(name);
    if (cluster !== undefined) return cluster;
    throw new EngineError("cluster-unknown", `there is no cluster "${name}"`, {
      hint: "strata cluster list",
    });
  };
  return {
    listClusters: ({ query }) => {
      if (query.filter === undefined) return [...engine.fleet()];
      const filter = parseFilter(query.filter);
      return engine.fleet().filter((cluster) => matchesFilter(filter, cluster));
    },
    getCluster: ({ params }) => known(params.name),
    listWorkloads: ({ params, query }) => [...engine.workloads(known(params.name).name, query.namespace)],
    diffCluster: ({ params, signal }) => engine.diff(known(params.name).name, signal),
    listUpdates: async ({ params, query, signal }) => [
      ...(await engine.updates(known(params.name).name, { serverDryRun: query.dryRun === "server", signal })),
    ],
    getPrune: ({ params, signal }) => engine.prune(known(params.name).name, signal),
    listProfiles: async ({ signal }) => [...(await engine.profiles(signal))],
    getStatus: () => describeEngine(engine, version),
    listEvents: () => [...engine.events.recent()],
    sync: async ({ body, signal }) => [...(await engine.sync(body.clusters, signal))],
    health: () => ({ alive: true }),
    readiness: () => {
      const { ready, problems } = engine.ready();
      return { ready, problems: [...problems] };
    },
  };
}
