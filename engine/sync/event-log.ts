import type { EngineEvent } from "../model/event.ts";

const KEPT = 2_000;

export type NewEvent = Omit<EngineEvent, "id" | "time">;

/** The last events of an engine, and whoever listens for new ones. */
export class EventLog {
  readonly #events: EngineEvent[] = [];
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #lastId: number;

  constructor(now: number) {
    this.#lastId = now * 1000;
  }

  add(event: NewEvent): void {
    this.#lastId++;
    const full: EngineEvent = { id: this.#lastId, time: new Date().toISOString(), ...event };
    this.#events.push(full);
    if (this.#events.length > KEPT) this.#events.shift();
    for (const listener of this.#listeners) listener(full);
  }

  /** Hands out kept events after `afterId`, then every new one, until what it returns is called. */
  subscribe(afterId: number | undefined, listener: (event: EngineEvent) => void): () => void {
    if (afterId !== undefined) for (const event of this.#events) if (event.id > afterId) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  recent(): readonly EngineEvent[] {
    return [...this.#events];
  }
}
