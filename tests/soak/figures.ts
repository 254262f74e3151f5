/** What happened in a soak. */
export class Figures {
  readonly #done = new Map<string, number>();
  readonly #skipped = new Map<string, number>();
  readonly #faults = new Map<string, { times: number; met: number }>();

  /** @param done false where there was nothing to do */
  count(kind: string, done: boolean): void {
    const counts = done ? this.#done : this.#skipped;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }

  /** A fault ended that so many requests met. */
  meet(fault: string, requests: number): void {
    const { times, met } = this.#faults.get(fault) ?? { times: 0, met: 0 };
    this.#faults.set(fault, { times: times + 1, met: met + requests });
  }

  get operations(): number {
    return [...this.#done.values()].reduce((sum, count) => sum + count, 0);
  }

  lines(): string[] {
    const list = (counts: ReadonlyMap<string, unknown>): string =>
      [...counts].map(([kind, count]) => `${kind} ${String(count)}`).join(", ");
    const faults = [...this.#faults].map(
      ([fault, { times, met }]) => [fault, `${times}× (${met} requests)`] as const,
    );
    return [
      `operations ${this.operations}: ${list(this.#done)}`,
      `nothing to do: ${list(this.#skipped)}`,
      `faults: ${list(new Map(faults))}`,
    ];
  }
}

/** Resident memory of the processes of an engine, over time. */
export class Memory {
  /** Bytes by life of a process, oldest first. */
  readonly #lives: number[][] = [];

  begin(): void {
    this.#lives.push([]);
  }

  add(bytes: number): void {
    this.#lives.at(-1)?.push(bytes);
  }

  get last(): string {
    return megabytes(this.#lives.at(-1)?.at(-1));
  }

  line(): string {
    const all = this.#lives.flat();
    const longest = this.#lives.toSorted((a, b) => b.length - a.length)[0] ?? [];
    const sorted = all.toSorted((a, b) => a - b);
    const at = (part: number): string => megabytes(longest[Math.floor((longest.length - 1) * part)]);
    return (
      `RSS: median ${megabytes(sorted[sorted.length >> 1])}, highest ${megabytes(sorted.at(-1))}; ` +
      `the longest life (${longest.length} samples): ${[0, 0.25, 0.5, 0.75, 1].map(at).join(", ")}; lives ${this.#lives.length}`
    );
  }
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "–" : `${Math.round(bytes / 1e6)} MB`;
}
