/** A bell that a loop waits for: rung before the wait began, it is heard at once. */
export class Wake {
  #rung = false;
  #resolve: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#resolve?.();
  }

  /** Resolves when the bell rings, after `milliseconds` (left out: never), or when the signal aborts. */
  async wait(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer =
          milliseconds === undefined ? undefined : setTimeout(done, Math.min(milliseconds, LONGEST));
        signal.addEventListener("abort", done, { once: true });
        this.#resolve = done;
        function done(): void {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          resolve();
        }
      });
      this.#resolve = undefined;
    }
    this.#rung = false;
  }
}

/** Longest delay of a timer in Node. */
const LONGEST = 2 ** 31 - 1;
