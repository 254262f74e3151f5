import type { SessionLog } from "../apply/session-types.ts";
import { EngineError, type Problem } from "../model/errors.ts";
import type { EventLog } from "./event-log.ts";
import { problemEvent } from "./live-events.ts";

/** What keeps an engine from all of its work; each is told once, when it comes. */
export class Conditions {
  readonly #events: EventLog;
  readonly #log: SessionLog;
  #all: readonly Problem[] = [];

  constructor(events: EventLog, log: SessionLog) {
    this.#events = events;
    this.#log = log;
  }

  get all(): readonly Problem[] {
    return this.#all;
  }

  /** Those that hold now. They can be seen before they are told. */
  set(conditions: readonly Problem[]): void {
    const before = this.#all;
    this.#all = conditions;
    for (const condition of conditions) {
      const { code, message, hint } = condition;
      if (before.some((known) => known.code === code && known.message === message)) continue;
      this.#events.add(problemEvent(condition));
      this.#log.warn({ code, hint }, message);
    }
  }

  /** A pass failed: that alone holds now. */
  fail(error: unknown): EngineError {
    const message = "a pass over the repository failed";
    const isKnown = error instanceof EngineError;
    if (!isKnown) this.#log.warn({ err: error }, message);
    const failure = isKnown ? error : new EngineError("engine-failed", message, { cause: error });
    this.set([failure.toProblem()]);
    return failure;
  }

  add(condition: Problem): void {
    this.set([...this.#all, condition]);
  }
}
