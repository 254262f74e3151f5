import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { EngineApi } from "../api/engine-api.ts";
import { EngineError } from "../engine/model/errors.ts";
import { isLoopback } from "./check-host.ts";
import { createApp } from "./create-app.ts";
import type { ServerLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";

export interface ServerOptions {
  readonly engine: EngineApi;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly token: string;
  readonly version: string;
  readonly log: ServerLog;
}

export interface RunningServer {
  /** `http://127.0.0.1:41237` */
  readonly address: string;
  /** Ends event streams, lets requests finish (5 s at most) and frees the port. */
  stop(): Promise<void>;
}

const GRACE_MS = 5_000;
/** For those that did not finish to be told so. */
const LAST_WORDS_MS = 500;

/** Serves an engine's API. Throws `listen-failed`. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const closing = new AbortController();
  const givingUp = new AbortController();
  const metrics = createMetrics(options.engine);
  const app = createApp({
    ...options,
    metrics,
    closing: closing.signal,
    givingUp: givingUp.signal,
    listensOnLoopback: isLoopback(options.host),
  });
  // Express answers for itself; its promise of nothing is not awaited by node:http.
  const server = createServer((request, response) => {
    // A connection whose last answer came during the stop would stay open for its keep-alive time.
    response.on("close", () => setImmediate(() => closing.signal.aborted && server.closeIdleConnections()));
    void app(request, response);
  });
  await listen(server, options);
  return {
    address: addressOf(server),
    async stop() {
      closing.abort();
      metrics.close();
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      const stopping = new EngineError("engine-stopping", "the engine stops", { retryable: true });
      const grace = setTimeout(() => givingUp.abort(stopping), GRACE_MS);
      const last = setTimeout(() => server.closeAllConnections(), GRACE_MS + LAST_WORDS_MS);
      await closed;
      clearTimeout(grace);
      clearTimeout(last);
    },
  };
}

async function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const hint =
      code === "EADDRINUSE"
        ? "choose another port, or 0 for any: --listen 127.0.0.1:0"
        : "choose an address of this machine with --listen";
    throw new EngineError("listen-failed", `cannot listen on ${host}:${port} (${code})`, {
      cause: error,
      hint,
    });
  }
}

function addressOf(server: Server): string {
  // A server that listens on a port has an AddressInfo.
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
