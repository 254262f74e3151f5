import express, { type Express } from "express";
import helmet from "helmet";
import type { EngineApi } from "../api/engine-api.ts";
import { EVENTS_PATH, METRICS_PATH } from "../api/routes.ts";
import { EngineError } from "../engine/model/errors.ts";
import { checkHost } from "./check-host.ts";
import { checkToken } from "./check-token.ts";
import { answerErrors } from "./error-response.ts";
import { createHandlers } from "./handlers.ts";
import type { ServerLog } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { mountRoutes } from "./mount-routes.ts";
import { serveEvents } from "./serve-events.ts";

export interface AppOptions {
  readonly engine: EngineApi;
  readonly token: string;
  readonly version: string;
  readonly log: ServerLog;
  readonly metrics: Metrics;
  readonly listensOnLoopback: boolean;
  /** Aborted when the server stops: event streams end. */
  readonly closing: AbortSignal;
  /** Aborted when it waits no longer for requests to finish. */
  readonly givingUp: AbortSignal;
}

const MAX_BODY = "1mb";

/** The HTTP API of an engine. The order counts: host, open routes, token, then everything else. */
export function createApp(options: AppOptions): Express {
  const { engine, closing, givingUp, metrics } = options;
  const handlers = createHandlers(engine, options.version);
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.use(metrics.measure, helmet(), checkHost(options.listensOnLoopback));
  mountRoutes(app, handlers, { open: true, givingUp });
  app.use(checkToken(options.token), express.json({ limit: MAX_BODY }));
  mountRoutes(app, handlers, { open: false, givingUp });
  app.get(EVENTS_PATH, serveEvents(engine.events, closing));
  app.get(METRICS_PATH, async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  app.use(() => {
    throw new EngineError("route-unknown", "there is nothing at this path");
  });
  app.use(answerErrors(options.log));
  return app;
}
