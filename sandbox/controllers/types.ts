import type { Objects } from "../api/objects.ts";
import type { Registry } from "../api/registry.ts";
import type { StoreEvent } from "../store/types.ts";

/** What controllers work with. */
export interface ControllerContext {
  readonly objects: Objects;
  readonly registry: Registry;
  readonly now: () => Date;
  /** Does something later, unless the sandbox has stopped. Milliseconds. */
  readonly later: (delay: number, work: () => void) => void;
}

/** Reacts to one event. It runs after the write that caused it has been answered, never inside it. */
export type Controller = (event: StoreEvent, context: ControllerContext) => void;
