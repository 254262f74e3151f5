import type { ObjectHealth } from "../model/status.ts";

export interface Health {
  readonly health: ObjectHealth;
  /** Why, for people; empty when healthy. */
  readonly message: string;
  /** The answer changes by the clock alone: ask again after so many milliseconds. */
  readonly recheckMs?: number;
}

export const HEALTHY: Health = { health: "healthy", message: "" };

export function progressing(message: string): Health {
  return { health: "progressing", message };
}

export function failed(message: string): Health {
  return { health: "failed", message };
}
