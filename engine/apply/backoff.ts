export interface BackoffOptions {
  /** Milliseconds after the first failure. */
  readonly first: number;
  /** Milliseconds at most. */
  readonly most: number;
}

/** Milliseconds to wait after `failures` failures in a row: doubled each time, with jitter of up to a half. */
export function backoff(failures: number, { first, most }: BackoffOptions): number {
  const full = Math.min(most, first * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return full * (0.5 + Math.random() / 2);
}
