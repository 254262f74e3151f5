import { setTimeout as delay } from "node:timers/promises";
import type { Response } from "undici";
import { EngineError } from "../engine/model/errors.ts";
import type { EngineEvent } from "../engine/model/event.ts";
import { readEventStream } from "./event-stream.ts";

export interface FollowOptions {
  /** Resume after this event; without it only new ones. */
  readonly after?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Follows an event stream, over lost connections too: a new one goes on after the last event.
 * `connect` opens it; its errors end this, and so does the signal, with its reason.
 */
export async function* followEvents(
  connect: (lastId: string | undefined) => Promise<Response>,
  parse: (data: string) => EngineEvent,
  { after, signal }: FollowOptions,
): AsyncGenerator<EngineEvent> {
  let last = after === undefined ? undefined : String(after);
  for (let pause = 0; ; pause = Math.min(pause + 250, 2_000)) {
    if (pause > 0) await delay(pause, undefined, { signal });
    const response = await connect(last);
    try {
      if (response.body === null) continue;
      for await (const frame of readEventStream(response.body)) {
        last = frame.id ?? last;
        pause = 0;
        if (frame.data !== undefined) yield parse(frame.data);
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EngineError) throw error;
      // A connection that broke is opened anew; `connect` says where the engine is gone.
    }
  }
}
