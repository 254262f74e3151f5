import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2Stream } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { changeGroup, type Fault, statusBody } from "./faults.ts";

/** As both versions of HTTP have it; `stream` is of HTTP/2. */
export type Reply = ServerResponse & { readonly stream?: Http2Stream };

/** Hands an answer of the server on, with the fault that it meets. */
export async function answerWith(
  reply: Reply,
  upstream: IncomingMessage,
  fault: Fault | undefined,
): Promise<void> {
  switch (fault?.do) {
    case "drop":
      await readBody(upstream);
      return breakOff(reply);
    case "break-body":
    case "halve-body":
      return sendHalf(reply, upstream, fault.do === "break-body");
    case "trickle":
      return trickle(reply, upstream, fault);
    case "end-watch":
      return endWatch(reply, upstream, fault);
    case "stale-group":
    case "hide-group": {
      const body = await readBody(upstream);
      const headers = withoutLength(upstream);
      // An answer with its own tag would never be asked for again
      delete headers.etag;
      reply.writeHead(upstream.statusCode ?? 500, headers);
      reply.end(upstream.statusCode === 200 ? changeGroup(body.toString("utf8"), fault) : body);
      return;
    }
    default:
      reply.writeHead(upstream.statusCode ?? 500, headersOf(upstream));
      reply.flushHeaders();
      for await (const chunk of upstream) reply.write(chunk);
      reply.end();
  }
}

/** Ends the connection: nothing more comes on it. */
export function breakOff(reply: Reply): void {
  const { stream } = reply;
  if (stream === undefined) reply.socket?.destroy();
  else stream.session?.destroy();
}

async function sendHalf(reply: Reply, upstream: IncomingMessage, breaks: boolean): Promise<void> {
  const body = await readBody(upstream);
  const half = body.subarray(0, body.length >> 1);
  reply.writeHead(upstream.statusCode ?? 500, withoutLength(upstream));
  if (!breaks) {
    reply.end(half);
    return;
  }
  await new Promise<void>((resolve) => reply.write(half, () => resolve()));
  breakOff(reply);
}

async function trickle(
  reply: Reply,
  upstream: IncomingMessage,
  { bytes, ms }: { readonly bytes: number; readonly ms: number },
): Promise<void> {
  reply.writeHead(upstream.statusCode ?? 500, headersOf(upstream));
  for await (const chunk of upstream as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length && !reply.destroyed; at += bytes) {
      await delay(ms);
      reply.write(chunk.subarray(at, at + bytes));
    }
  }
  reply.end();
}

async function endWatch(
  reply: Reply,
  upstream: IncomingMessage,
  { after, expired }: { readonly after: number; readonly expired?: boolean },
): Promise<void> {
  reply.writeHead(upstream.statusCode ?? 500, headersOf(upstream));
  reply.flushHeaders();
  let left = after;
  let rest = "";
  for await (const chunk of upstream as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.slice(0, left)) reply.write(`${line}\n`);
    left -= lines.length;
    if (left <= 0) break;
  }
  if (expired === true) reply.write(`{"type":"ERROR","object":${statusBody(410)}}\n`);
  reply.end();
}

async function readBody(upstream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of upstream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function headersOf({ headers }: IncomingMessage): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined && !CONNECTION.has(entry[0]),
  );
  return Object.fromEntries(kept);
}

function withoutLength(upstream: IncomingMessage): Record<string, string | string[]> {
  const { "content-length": _length, ...rest } = headersOf(upstream);
  return rest;
}

/** HTTP/2 refuses these. */
const CONNECTION: ReadonlySet<string> = new Set(["connection", "transfer-encoding", "keep-alive"]);
