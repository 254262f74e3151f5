import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { EngineError } from "../model/errors.ts";
import { type Access, type AccessSource, connectionKey } from "./access.ts";
import { untilAborted } from "./until-aborted.ts";

/** How long things may take, in milliseconds. */
export interface Timing {
  /** One request, from its first byte out to its last byte in. */
  readonly requestMs: number;
  /** A watch without a byte for so long is dead; the server sends a bookmark every minute. */
  readonly watchIdleMs: number;
  /** First and longest wait between attempts to open a watch. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

export const DEFAULT_TIMING: Timing = {
  requestMs: 30_000,
  watchIdleMs: 180_000,
  backoffMs: 500,
  maxBackoffMs: 60_000,
};

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface RawStream {
  readonly status: number;
  readonly headers: RawAnswer["headers"];
  readonly body: Dispatcher.ResponseData["body"];
}

interface Connections {
  readonly key: string;
  readonly requests: Dispatcher;
  readonly watches: Dispatcher;
}

/** Connections for requests at most: raw requests take a thousand objects fastest with so many, of 8 to 64 that were tried. */
const REQUEST_CONNECTIONS = 64;
/** The longest answer that is read. */
const MAX_ANSWER = 512 * 1024 * 1024;

/** The HTTP connections to one API server. Watches never wait for requests, nor requests for watches. */
export class Transport {
  readonly timing: Timing;
  readonly #source: AccessSource;
  readonly #ended = new AbortController();
  readonly #retired = new Set<Dispatcher>();
  #connections: Connections | undefined;
  #sent = 0;

  constructor(source: AccessSource, timing: Timing) {
    this.#source = source;
    this.timing = timing;
  }

  /** Requests sent so far, without streams. */
  get sent(): number {
    return this.#sent;
  }

  /** Aborted when the transport is closed. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /**
   * One answer, whatever its status. A 401 is asked again once with credentials read anew.
   * @throws EngineError `cluster-unreachable`; the signal's reason when aborted
   */
  async send(request: ApiRequest, signal: AbortSignal): Promise<RawAnswer> {
    const deadline = startDeadline(signal, this.timing.requestMs);
    let server = "the API server";
    try {
      const answer = await this.#once(request, deadline.signal, (access) => {
        server = access.server;
      });
      if (answer.status !== 401) return answer;
      this.#source.refused();
      return await this.#once(request, deadline.signal, () => {});
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (deadline.signal.aborted) throw this.#tooLate(server, error);
      throw this.#problem(error, server);
    } finally {
      deadline.clear();
    }
  }

  /** Opens a stream; the caller reads its body, or destroys it. It ends when no byte comes for `watchIdleMs`. */
  async stream(path: string, signal: AbortSignal): Promise<RawStream> {
    let server = "the API server";
    const deadline = startDeadline(signal, this.timing.requestMs);
    try {
      const access = await this.#source.current(deadline.signal);
      server = access.server;
      const opening = this.#to(access).watches.request({
        ...target(access, path),
        method: "GET",
        headers: { ...access.headers, accept: "application/json", "user-agent": USER_AGENT },
        headersTimeout: this.timing.requestMs,
        bodyTimeout: this.timing.watchIdleMs,
      });
      const { statusCode, headers, body } = await endedBy(signal, opening);
      if (statusCode === 401) this.#source.refused();
      return { status: statusCode, headers, body };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (deadline.signal.aborted) throw this.#tooLate(server, error);
      throw this.#problem(error, server);
    } finally {
      deadline.clear();
    }
  }

  /** Ends everything that is under way. */
  async close(): Promise<void> {
    const reason = new EngineError("cluster-closed", "the connection to the cluster was closed");
    this.#ended.abort(reason);
    const open =
      this.#connections === undefined ? [] : [this.#connections.requests, this.#connections.watches];
    this.#connections = undefined;
    await Promise.all([...open, ...this.#retired].map((dispatcher) => dispatcher.destroy(reason)));
  }

  async #once(request: ApiRequest, signal: AbortSignal, at: (access: Access) => void): Promise<RawAnswer> {
    const access = await this.#source.current(signal);
    at(access);
    this.#sent += 1;
    const { statusCode, headers, body } = await this.#to(access).requests.request({
      ...target(access, request.path),
      method: request.method,
      headers: {
        "user-agent": USER_AGENT,
        accept: "application/json",
        ...access.headers,
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      signal,
    });
    return { status: statusCode, headers, body: await body.text() };
  }

  #tooLate(server: string, cause: unknown): EngineError {
    return unreachable(server, `no answer within ${this.timing.requestMs / 1000} s`, cause);
  }

  #problem(error: unknown, server: string): unknown {
    if (this.#ended.signal.aborted) return this.#ended.signal.reason;
    return error instanceof EngineError ? error : unreachable(server, reasonOf(error), error);
  }

  /** The connections that fit `access`; where certificates changed, new ones, while the old ones finish. */
  #to(access: Access): Connections {
    if (this.#ended.signal.aborted) throw this.#ended.signal.reason;
    const key = connectionKey(access);
    if (this.#connections?.key === key) return this.#connections;
    if (this.#connections !== undefined) this.#retire(this.#connections);
    this.#connections = {
      key,
      requests: dispatcher(access, { connections: REQUEST_CONNECTIONS, allowH2: false }),
      watches: dispatcher(access, { allowH2: true }),
    };
    return this.#connections;
  }

  #retire(old: Connections): void {
    for (const dispatcher of [old.requests, old.watches]) {
      this.#retired.add(dispatcher);
      const forget = (): boolean => this.#retired.delete(dispatcher);
      void dispatcher.close().then(forget, forget);
    }
  }
}

/**
 * A stream that ends when the signal aborts. It is let open first where it is only being opened: a request over HTTP/2
 * that undici aborts before it was sent is left on its session, whose end then throws what nobody can catch.
 */
async function endedBy(
  signal: AbortSignal,
  opening: Promise<Dispatcher.ResponseData>,
): Promise<Dispatcher.ResponseData> {
  const end = (): void =>
    void opening.then(
      ({ body }) => body.destroy(),
      () => {},
    );
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    const response = await untilAborted(opening, signal);
    response.body.once("close", () => signal.removeEventListener("abort", end));
    return response;
  } catch (error) {
    if (!signal.aborted) signal.removeEventListener("abort", end);
    throw error;
  }
}

const USER_AGENT = "strata";

/** A signal that aborts with `outer` or after `ms`; `clear` leaves nothing of it on `outer`, which may live long. */
function startDeadline(outer: AbortSignal, ms: number): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(outer.reason);
  const timer = setTimeout(() => controller.abort(), ms);
  outer.addEventListener("abort", abort, { once: true });
  if (outer.aborted) abort();
  const clear = (): void => {
    clearTimeout(timer);
    outer.removeEventListener("abort", abort);
  };
  return { signal: controller.signal, clear };
}

function dispatcher(access: Access, options: { connections?: number; allowH2: boolean }): Dispatcher {
  const limits = { ...options, maxResponseSize: options.allowH2 ? -1 : MAX_ANSWER, keepAliveTimeout: 10_000 };
  const tls = { ...access.tls, keepAlive: true, keepAliveInitialDelay: 30_000 };
  if (access.proxy === undefined) return new Agent({ ...limits, connect: tls });
  return new ProxyAgent({ ...limits, uri: access.proxy, requestTls: tls });
}

function target(access: Access, path: string): { origin: string; path: string } {
  const url = new URL(access.server);
  return { origin: url.origin, path: `${url.pathname.replace(/\/+$/, "")}${path}` };
}

function unreachable(server: string, why: string, cause: unknown): EngineError {
  return new EngineError("cluster-unreachable", `${server}: ${why}`, {
    hint: "check that the API server runs and can be reached from here",
    retryable: true,
    cause,
  });
}

/** The innermost message: undici wraps what the network said; a failed dual-stack connect has it in `errors`. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
