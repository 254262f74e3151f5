interface Weighed<Value> {
  readonly value: Value;
  readonly weight: number;
}

/** What nobody asked for in so long goes with the next that comes, or the one after: old commits are looked at no more. */
const MAX_AGE_MS = 10 * 60_000;

/**
 * Keeps what was used lately: at most `most` in weight, at least the latest half of it, but for what has become old.
 * Two generations instead of an order of use, so that every call takes constant time.
 */
export class Recent<Value> {
  readonly #most: number;
  readonly #clock: () => number;
  #since: number;
  #young = new Map<string, Weighed<Value>>();
  #old = new Map<string, Weighed<Value>>();
  #weight = 0;

  /** @param clock milliseconds that only grow */
  constructor(most: number, clock: () => number = () => performance.now()) {
    this.#most = most;
    this.#clock = clock;
    this.#since = clock();
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young.value;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old.value, old.weight);
    return old?.value;
  }

  set(key: string, value: Value, weight = 1): void {
    this.#weight += weight - (this.#young.get(key)?.weight ?? 0);
    this.#young.set(key, { value, weight });
    const now = this.#clock();
    if (this.#weight <= this.#most / 2 && now - this.#since <= MAX_AGE_MS) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#weight = 0;
    this.#since = now;
  }

  delete(key: string): void {
    this.#weight -= this.#young.get(key)?.weight ?? 0;
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
