/** The time that a list at the beginning of a watch may take: between two pieces of it, and all in all. Milliseconds. */
export class ListDeadline {
  readonly #idleMs: number;
  readonly #late: () => void;
  readonly #whole: NodeJS.Timeout;
  #idle: NodeJS.Timeout | undefined;

  /** @param late called once, where it takes longer */
  constructor(idleMs: number, wholeMs: number, late: () => void) {
    this.#idleMs = idleMs;
    this.#late = late;
    this.#whole = setTimeout(late, wholeMs);
    this.#idle = setTimeout(late, idleMs);
  }

  /** A piece came. */
  heard(): void {
    if (this.#idle === undefined) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(this.#late, this.#idleMs);
  }

  /** The list is complete, or given up: nothing is late any more. */
  end(): void {
    clearTimeout(this.#whole);
    clearTimeout(this.#idle);
    this.#idle = undefined;
  }
}
