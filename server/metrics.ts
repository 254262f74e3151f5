import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RequestHandler } from "express";
import type { EngineApi } from "../api/engine-api.ts";
import { countByHealth } from "./status.ts";

export interface Metrics {
  readonly registry: Registry;
  /** Measures requests by route; a path that is no route counts as `other`. */
  readonly measure: RequestHandler;
  close(): void;
}

/** The figures of one engine and its server, for Prometheus. */
export function createMetrics(engine: EngineApi): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "strata_clusters",
    help: "Clusters by health",
    labelNames: ["health"],
    registers,
    collect() {
      for (const [health, count] of Object.entries(countByHealth(engine.fleet())))
        this.set({ health }, count);
    },
  });
  new Gauge({
    name: "strata_ready",
    help: "1 when the engine has read the repository and works on its clusters",
    registers,
    collect() {
      this.set(engine.ready().ready ? 1 : 0);
    },
  });
  const events = new Counter({
    name: "strata_events_total",
    help: "Events by type",
    labelNames: ["type"],
    registers,
  });
  const unsubscribe = engine.events.subscribe(undefined, (event) => events.inc({ type: event.type }));
  const duration = new Histogram({
    name: "strata_http_request_duration_seconds",
    help: "HTTP requests by route",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const measure: RequestHandler = (request, response, next) => {
    const stop = duration.startTimer();
    response.on("finish", () => {
      // Set by express once a route matched; unknown paths must not become labels.
      const route: unknown = request.route;
      const path =
        typeof route === "object" && route !== null && "path" in route ? String(route.path) : "other";
      const method = request.method === "GET" || request.method === "POST" ? request.method : "other";
      stop({ method, route: path, status: response.statusCode });
    });
    next();
  };
  return { registry, measure, close: unsubscribe };
}
