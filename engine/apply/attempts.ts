import type { Refused } from "./apply-object.ts";
import { backoff } from "./backoff.ts";

interface Attempt {
  readonly refused: Refused;
  readonly count: number;
  readonly at: number;
  dueAt: number;
}

/** *Not yet* is tried again soon; what is wrong, now and then: something in the cluster may have changed. */
const NOT_YET = { first: 500, most: 30_000 };
const WRONG = { first: 10_000, most: 300_000 };
/** An event may mean that the time has come, but so many events may come that each attempt keeps a growing distance. */
const AFTER_EVENT = { first: 100, most: 5_000 };

/** The objects of a layer that the server did not accept so far, and when each is tried again. Times in milliseconds. */
export class Attempts {
  readonly #attempts = new Map<string, Attempt>();

  refuse(key: string, refused: Refused, now: number): void {
    const count = (this.#attempts.get(key)?.count ?? 0) + 1;
    const own = backoff(count, refused.state === "wrong" ? WRONG : NOT_YET);
    const delay = Math.max(own, refused.retryAfterMs ?? 0);
    this.#attempts.set(key, { refused, count, at: now, dueAt: now + delay });
  }

  accept(key: string): void {
    this.#attempts.delete(key);
  }

  isDue(key: string, now: number): boolean {
    const attempt = this.#attempts.get(key);
    return attempt === undefined || attempt.dueAt <= now;
  }

  /** Something changed in the cluster: what was *not yet* may be tried earlier. */
  hurry(now: number): void {
    for (const attempt of this.#attempts.values()) {
      if (attempt.refused.state === "wrong") continue;
      const distance = Math.max(backoff(attempt.count, AFTER_EVENT), attempt.refused.retryAfterMs ?? 0);
      const earliest = Math.max(now, attempt.at + distance);
      attempt.dueAt = Math.min(attempt.dueAt, earliest);
    }
  }

  /** Why the object was not accepted the last time; undefined where it was, or was not tried yet. */
  refusalOf(key: string): Refused | undefined {
    return this.#attempts.get(key)?.refused;
  }

  /** When the next one is due; undefined where there is none. */
  get nextDue(): number | undefined {
    const due = [...this.#attempts.values()].map((attempt) => attempt.dueAt);
    return due.length === 0 ? undefined : Math.min(...due);
  }
}
