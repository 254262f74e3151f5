interface Weighed<Value> {
  readonly value: Value;
  readonly weight: number;
}

/**
 * Keeps what was used lately: at most `most` in weight, at least the latest half of it. Two generations instead of an
 * order of use, so that every call takes constant time.
 */
export class Recent<Value> {
  readonly #most: number;
  #young = new Map<string, Weighed<Value>>();
  #old = new Map<string, Weighed<Value>>();
  #weight = 0;

  constructor(most: number) {
    this.#most = most;
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
    if (this.#weight <= this.#most / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#weight = 0;
  }

  delete(key: string): void {
    this.#weight -= this.#young.get(key)?.weight ?? 0;
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
