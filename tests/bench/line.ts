import type { TaskMeta, TestContext } from "vitest";

/** One row of the table. */
export interface Line {
  readonly what: string;
  /** Strata's figure over the floor's; undefined where there is no floor. */
  readonly ratio?: number;
  readonly strata: string;
  readonly floor?: string;
  readonly peers?: string;
  readonly goal?: string;
  /** Undefined where there is no goal. */
  readonly isMet?: boolean;
}

declare module "vitest" {
  interface TaskMeta {
    lines?: Line[];
  }
}

/** Adds a row to the table of this run. */
export function tell(context: TestContext, line: Line): void {
  const meta: TaskMeta = context.task.meta;
  meta.lines = [...(meta.lines ?? []), line];
}

export function ms(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return value >= 10 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`;
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
