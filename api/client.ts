import { Agent, fetch, type RequestInit, type Response } from "undici";
import type { z } from "zod";
import { EngineError } from "../engine/model/errors.ts";
import type { EngineEvent } from "../engine/model/event.ts";
import { parseAnswer, readRefusal } from "./answers.ts";
import { type FollowOptions, followEvents } from "./follow-events.ts";
import {
  type BodyOf,
  EVENTS_PATH,
  type ParamsOf,
  type QueryOf,
  type ResponseOf,
  type RouteName,
  ROUTES,
} from "./routes.ts";
import { EventSchema } from "./schemas.ts";

export interface ClientOptions {
  /** `http://127.0.0.1:port` */
  readonly address: string;
  readonly token: string;
}

interface CallOptions<Name extends RouteName> {
  readonly params?: ParamsOf<Name>;
  readonly query?: QueryOf<Name>;
  readonly body?: BodyOf<Name>;
  readonly signal: AbortSignal;
  /** Milliseconds until the whole answer is there; 30 s without it. */
  readonly timeout?: number;
}

/** A typed client of an engine's HTTP API. */
export interface ApiClient {
  /** Throws the engine's own error, `engine-unreachable`, `engine-answer-invalid`, or the signal's reason. */
  call<Name extends RouteName>(name: Name, options: CallOptions<Name>): Promise<ResponseOf<Name>>;
  /** The engine's events, over lost connections too. Throws as {@link call}. */
  events(options: FollowOptions): AsyncGenerator<EngineEvent>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 30_000;
/** Three heartbeats of the server's event stream. */
const SILENCE_MS = 45_000;
const CLOSED: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

export function createApiClient({ address, token }: ClientOptions): ApiClient {
  // The one long answer, `sync`, is bounded by its caller's timeout.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: SILENCE_MS, connect: { timeout: 5_000 } });
  const authorization = `Bearer ${token}`;

  async function send(path: string, init: RequestInit): Promise<Response> {
    const once = () => fetch(new URL(path, address), { ...init, dispatcher, redirect: "error" });
    // Each request may be sent again: none does more when it is said twice
    const response = await once().catch((error: unknown) => {
      if (!wasClosed(error)) throw error;
      return once();
    });
    const answersUnready = path === ROUTES.readiness.path && response.status === 503;
    if (!response.ok && !answersUnready) throw readRefusal(response.status, await response.text());
    return response;
  }

  /** Runs a request and names its failure: the caller's abort, the engine's answer or its silence. */
  async function ask<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof EngineError ? error : unreachable(address, error);
    }
  }

  return {
    call: (name, options) =>
      ask(options.signal, async () => {
        const route = ROUTES[name];
        const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeout ?? TIMEOUT_MS)]);
        const path = fillPath(route.path, options.params ?? {}) + queryText(options.query ?? {});
        const post = {
          headers: { authorization, "content-type": "application/json" },
          body: JSON.stringify(options.body ?? {}),
        };
        const request = route.method === "POST" ? post : { headers: { authorization } };
        const response = await send(path, { method: route.method, signal, ...request });
        // `name` picks route and result together, which the compiler does not follow through the table.
        return parseAnswer(route.response as z.ZodType<ResponseOf<typeof name>>, await response.text());
      }),
    events: (options) => {
      const { signal } = options;
      const connect = (lastId: string | undefined) => {
        const resume = lastId === undefined ? {} : { "last-event-id": lastId };
        return ask(signal, () => send(EVENTS_PATH, { headers: { authorization, ...resume }, signal }));
      };
      return followEvents(connect, (data) => parseAnswer(EventSchema, data), options);
    },
    close: () => dispatcher.destroy(),
  };
}

/** A server closes an idle connection just as it is used again: nothing was done (RFC 9112, 9.3.1). */
function wasClosed(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && CLOSED.has(cause.code);
}

function unreachable(address: string, cause: unknown): EngineError {
  return new EngineError("engine-unreachable", `the engine at ${address} does not answer`, {
    cause,
    retryable: true,
    hint: "see whether it still runs, or start it: strata serve",
  });
}

function fillPath(path: string, params: Readonly<Record<string, unknown>>): string {
  return path.replaceAll(/:([a-z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}
