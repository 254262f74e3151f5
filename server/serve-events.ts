import type { Request, RequestHandler, Response } from "express";
import type { EventFeed } from "../api/engine-api.ts";
import { EngineError } from "../engine/model/errors.ts";
import type { EngineEvent } from "../engine/model/event.ts";

const HEARTBEAT_MS = 15_000;
/** A reader that lags by more than this is cut off; it comes back and goes on after its last event. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Answers with the events of an engine as a stream, until the client leaves or `closing` is aborted. */
export function serveEvents(events: EventFeed, closing: AbortSignal): RequestHandler {
  return (request, response) => {
    const after = resumePoint(request);
    response.status(200).set({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    // Tells a client that has seen no event yet where to resume.
    if (after === undefined) response.write(`id: ${events.recent().at(-1)?.id ?? 0}\n\n`);
    else response.flushHeaders();
    const heartbeat = setInterval(() => send(response, ": still here\n\n"), HEARTBEAT_MS);
    const unsubscribe = events.subscribe(after, (event) => send(response, frame(event)));
    const end = () => response.end();
    closing.addEventListener("abort", end, { once: true });
    response.on("close", () => {
      clearInterval(heartbeat);
      unsubscribe();
      closing.removeEventListener("abort", end);
    });
    if (closing.aborted) end();
  };
}

function frame(event: EngineEvent): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
}

function send(response: Response, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.write(text);
  if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
}

function resumePoint(request: Request): number | undefined {
  const text = request.get("last-event-id") ?? request.query.after;
  if (text === undefined || text === "") return undefined;
  if (typeof text === "string" && /^\d{1,16}$/.test(text)) return Number(text);
  throw new EngineError("request-invalid", "the id of the last event is not a number");
}
