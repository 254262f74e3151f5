import { z } from "zod";
import { MAX_FILTER_LENGTH } from "../engine/model/filter.ts";
import {
  ClusterSchema,
  DiffSchema,
  EventSchema,
  PlanSchema,
  ProfileSchema,
  PruneSchema,
  ReadinessSchema,
  StatusSchema,
  WorkloadSchema,
} from "./schemas.ts";

const NameParams = z.object({ name: z.string().min(1).max(63) });
const None = z.strictObject({});

/** One way to ask an engine over HTTP. `params` are the `:name` parts of the path. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  readonly response: z.ZodType;
  /** Answered to anyone; all others ask for the engine's token. */
  readonly open?: boolean;
}

const get = { method: "GET", params: None, query: None, body: None } as const;

/** Every route that answers with JSON. Beside them are {@link EVENTS_PATH} and {@link METRICS_PATH}. */
export const ROUTES = {
  listClusters: {
    ...get,
    path: "/api/v1/clusters",
    query: z.strictObject({ filter: z.string().max(MAX_FILTER_LENGTH).optional() }),
    response: z.array(ClusterSchema),
  },
  getCluster: { ...get, path: "/api/v1/clusters/:name", params: NameParams, response: ClusterSchema },
  listWorkloads: {
    ...get,
    path: "/api/v1/clusters/:name/workloads",
    params: NameParams,
    query: z.strictObject({ namespace: z.string().max(63).optional() }),
    response: z.array(WorkloadSchema),
  },
  diffCluster: { ...get, path: "/api/v1/clusters/:name/diff", params: NameParams, response: DiffSchema },
  /** Pending updates; `dryRun=server` asks the cluster what it makes of them. */
  listUpdates: {
    ...get,
    path: "/api/v1/clusters/:name/updates",
    params: NameParams,
    query: z.strictObject({ dryRun: z.literal("server").optional() }),
    response: z.array(PlanSchema),
  },
  /** What a sync stopped before deleting, and what it kept. */
  getPrune: { ...get, path: "/api/v1/clusters/:name/prune", params: NameParams, response: PruneSchema },
  listProfiles: { ...get, path: "/api/v1/profiles", response: z.array(ProfileSchema) },
  getStatus: { ...get, path: "/api/v1/status", response: StatusSchema },
  /** The events that are kept, oldest first. */
  listEvents: { ...get, path: "/api/v1/events/recent", response: z.array(EventSchema) },
  /** Answers once the clusters (all, without a list) are settled. */
  sync: {
    ...get,
    method: "POST",
    path: "/api/v1/sync",
    body: z.strictObject({ clusters: z.array(z.string().min(1).max(63)).max(10_000).optional() }),
    response: z.array(ClusterSchema),
  },
  health: { ...get, path: "/healthz", response: z.object({ alive: z.literal(true) }), open: true },
  /** Status 503 with the same body while it is not ready. */
  readiness: { ...get, path: "/readyz", response: ReadinessSchema, open: true },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
export type ParamsOf<Name extends RouteName> = z.infer<(typeof ROUTES)[Name]["params"]>;
export type QueryOf<Name extends RouteName> = z.infer<(typeof ROUTES)[Name]["query"]>;
export type BodyOf<Name extends RouteName> = z.infer<(typeof ROUTES)[Name]["body"]>;
export type ResponseOf<Name extends RouteName> = z.infer<(typeof ROUTES)[Name]["response"]>;

/** Server-sent events: `id` is the event's, `data` its JSON; `Last-Event-ID` (or `?after=`) resumes after it. */
export const EVENTS_PATH = "/api/v1/events";

/** Prometheus text. */
export const METRICS_PATH = "/metrics";
