import type { Express, Request, RequestHandler, Response } from "express";
import type { z } from "zod";
import { type Route, type RouteName, ROUTES } from "../api/routes.ts";
import { EngineError } from "../engine/model/errors.ts";
import type { Asked, Handlers } from "./handlers.ts";

/** Mounts the JSON routes that are open to anyone, or those that are not. */
export function mountRoutes(
  app: Express,
  handlers: Handlers,
  options: { open: boolean; givingUp: AbortSignal },
): void {
  for (const name of Object.keys(ROUTES) as RouteName[]) {
    const route: Route = ROUTES[name];
    if ((route.open === true) !== options.open) continue;
    const handler = answer(name, handlers, options.givingUp);
    if (route.method === "GET") app.get(route.path, handler);
    else app.post(route.path, handler);
  }
}

function answer<Name extends RouteName>(
  name: Name,
  handlers: Handlers,
  givingUp: AbortSignal,
): RequestHandler {
  const route: Route = ROUTES[name];
  return async (request, response) => {
    // The table's schemas and types say the same, which the compiler does not follow for a generic name.
    const asked = {
      params: read(route.params, request.params, "path"),
      query: read(route.query, request.query, "query"),
      body: read(route.body, request.body ?? {}, "body"),
      signal: AbortSignal.any([clientGone(request, response), givingUp]),
    } as Asked<Name>;
    const result = await handlers[name](asked);
    if (response.destroyed) return;
    response.set("cache-control", "no-store").status(statusFor(name, result)).json(result);
  };
}

function statusFor(name: RouteName, result: unknown): number {
  const unready =
    name === "readiness" &&
    typeof result === "object" &&
    result !== null &&
    "ready" in result &&
    result.ready === false;
  return unready ? 503 : 200;
}

function read(schema: z.ZodType, value: unknown, part: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EngineError("request-invalid", `the request's ${part} is not valid: ${issue?.message ?? ""}`, {
    object: issue?.path.join(".") ?? "",
  });
}

function clientGone(request: Request, response: Response): AbortSignal {
  const controller = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) controller.abort(new Error(`the client left ${request.path}`));
  });
  return controller.signal;
}
