import type { EventFeed } from "../../api/engine-api.ts";
import type { EngineEvent } from "../../engine/model/event.ts";

/** The events of an engine in this process, one after another, until the signal is aborted. */
export async function* feedEvents(
  feed: EventFeed,
  after: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent> {
  const waiting: EngineEvent[] = [];
  let wake = (): void => undefined;
  const unsubscribe = feed.subscribe(after, (event) => {
    waiting.push(event);
    wake();
  });
  const stop = () => wake();
  signal.addEventListener("abort", stop, { once: true });
  try {
    while (!signal.aborted) {
      const event = waiting.shift();
      if (event === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else yield event;
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", stop);
  }
}
