import { once } from "node:events";
import { createServer, type IncomingMessage, request as httpRequest } from "node:http";
import { createSecureServer, type Http2ServerRequest } from "node:http2";
import { request as httpsRequest } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { answerWith, breakOff, type Reply } from "./fault-replies.ts";
import { type Fault, fits, isWatch, type Rule, statusBody } from "./faults.ts";
import { selfSigned } from "./self-signed.ts";

export interface Seen {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly fault: Fault["do"] | undefined;
}

/** A reverse proxy in front of an API server, which does to requests what its rules say. */
export interface FaultProxy {
  readonly server: string;
  /** PEM, where it speaks TLS. */
  readonly ca: string | undefined;
  /** Every request since the start, in the order of arrival. */
  readonly seen: readonly Seen[];
  /** HTTP versions that were spoken. */
  readonly versions: ReadonlySet<string>;
  /** From now on these rules hold; counts begin anew. Without any, all is well. What hangs goes on hanging. */
  setRules(...rules: readonly Rule[]): void;
  /** Requests that have met a fault since the rules were set. */
  readonly met: number;
  /** Ends the watches that have begun, silent ones too. */
  cutWatches(): void;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  /** Of the API server. */
  readonly server: string;
  /** PEM; undefined for plain HTTP. */
  readonly ca: string | undefined;
  /** Speaks TLS with HTTP/2 where the client asks for it; else plain HTTP/1.1. */
  readonly secure: boolean;
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new Proxying(options);
  const certificate = options.secure ? selfSigned() : undefined;
  const answer = (request: Request, response: Reply): void => void proxy.answer(request, response);
  const server =
    certificate === undefined
      ? createServer(answer)
      : createSecureServer(
          { ...certificate, allowHTTP1: true },
          // Node gives replies of HTTP/2 the methods of the others
          (request, response) => answer(request, response as unknown as Reply),
        );
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => socket.destroy()));
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("sessionError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    server: `${options.secure ? "https" : "http"}://127.0.0.1:${port}${new URL(options.server).pathname.replace(/\/$/, "")}`,
    ca: certificate?.cert,
    seen: proxy.seen,
    versions: proxy.versions,
    setRules: (...rules) => proxy.setRules(rules),
    get met() {
      return proxy.met;
    },
    cutWatches: () => proxy.cutWatches(),
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Request = IncomingMessage | Http2ServerRequest;

class Proxying {
  readonly seen: Seen[] = [];
  readonly versions = new Set<string>();
  readonly #options: FaultProxyOptions;
  #rules: { readonly rule: Rule; count: number }[] = [];
  readonly #watches = new Set<Reply>();
  met = 0;

  constructor(options: FaultProxyOptions) {
    this.#options = options;
  }

  setRules(rules: readonly Rule[]): void {
    this.#rules = rules.map((rule) => ({ rule, count: 0 }));
    this.met = 0;
  }

  cutWatches(): void {
    for (const watch of this.#watches) breakOff(watch);
  }

  async answer(request: Request, reply: Reply): Promise<void> {
    const { method = "GET", url: path = "/" } = request;
    const fault = this.#faultFor(method, path);
    this.seen.push({ method, path, fault: fault?.do });
    this.versions.add(request.httpVersion);
    reply.on("error", () => {});
    try {
      const body = await readAll(request);
      if (fault !== undefined && (await answersAlone(fault, reply))) {
        if (fault.do === "silent") this.#noteWatch(path, reply);
        return;
      }
      const headers = headersOf(request);
      // An answer that is to be changed must be a whole one
      if (fault !== undefined) delete headers["if-none-match"];
      const { upstream, end } = await this.#ask(method, path, headers, body);
      reply.on("close", end);
      this.#noteWatch(path, reply);
      await answerWith(reply, upstream, fault);
    } catch {
      breakOff(reply);
    }
  }

  #noteWatch(path: string, reply: Reply): void {
    if (!isWatch(path)) return;
    this.#watches.add(reply);
    reply.on("close", () => this.#watches.delete(reply));
  }

  #faultFor(method: string, path: string): Fault | undefined {
    for (const entry of this.#rules) {
      if (!fits(entry.rule, method, path)) continue;
      entry.count += 1;
      const [first, last] = entry.rule.match.nth ?? [1, Number.POSITIVE_INFINITY];
      if (entry.count < first || entry.count > last) continue;
      this.met += 1;
      return entry.rule.fault;
    }
    return undefined;
  }

  async #ask(
    method: string,
    path: string,
    headers: Record<string, string | string[]>,
    body: Buffer,
  ): Promise<{ upstream: IncomingMessage; end: () => void }> {
    const { server, ca } = this.#options;
    const { origin } = new URL(server);
    const url = `${origin}${path}`;
    // A connection each: what happens to one request is nothing to another
    const call =
      ca === undefined
        ? httpRequest(url, { method, headers, agent: false })
        : httpsRequest(url, { method, headers, ca, agent: false });
    call.on("error", () => {});
    call.end(body);
    const [upstream] = (await once(call, "response")) as [IncomingMessage];
    upstream.on("error", () => {});
    return { upstream, end: () => call.destroy() };
  }
}

/** @returns whether the fault needs no server */
async function answersAlone(fault: Fault, reply: Reply): Promise<boolean> {
  switch (fault.do) {
    case "delay":
      await delay(fault.ms);
      return false;
    case "drop":
      if (fault.when === "before") breakOff(reply);
      return fault.when === "before";
    case "hang":
      return true;
    case "status": {
      const retry = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
      reply.writeHead(fault.code, { "content-type": "application/json", ...retry });
      reply.end(statusBody(fault.code, fault.retryAfter));
      return true;
    }
    case "answer":
      reply.writeHead(200, { "content-type": "application/json" });
      reply.end(fault.body);
      return true;
    case "silent":
      reply.writeHead(200, { "content-type": "application/json" });
      reply.flushHeaders();
      return true;
    default:
      return false;
  }
}

async function readAll(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Without what is of the connection alone. */
function headersOf(request: Request): Record<string, string | string[]> {
  const kept = Object.entries(request.headers).filter(
    (entry): entry is [string, string | string[]] =>
      entry[1] !== undefined && !entry[0].startsWith(":") && !CONNECTION.has(entry[0]),
  );
  return Object.fromEntries(kept);
}

const CONNECTION: ReadonlySet<string> = new Set(["connection", "host", "transfer-encoding", "keep-alive"]);
