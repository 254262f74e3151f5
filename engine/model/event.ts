export const EVENT_TYPES = [
  /** The engine saw a new tip of main. */
  "commit",
  /** A revision was made. */
  "release",
  /** The engine wrote lock entries. */
  "lock",
  "sync-started",
  /** A layer went into another state. */
  "layer",
  "sync-finished",
  /** A cluster went into another health; `state` says which. */
  "health",
  /** Something is wrong that a user should know of. */
  "problem",
  "pruned",
  /** Someone changed or deleted an object in a cluster; `state` says what was done about it. */
  "drift",
  /** Two put a field back in turn: it is put back at most once in 5 minutes from now on. */
  "contested",
  /** An object that was there before Strata is taken over. */
  "adopted",
  "deleted",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One thing that happened, for people who watch and for programs that follow. Holds no secret value. */
export interface EngineEvent {
  /** Grows with every event, also from one engine to the next (an engine counts on from its start time in microseconds). */
  readonly id: number;
  /** ISO 8601. */
  readonly time: string;
  readonly type: EventType;
  readonly cluster?: string;
  readonly profile?: string;
  readonly layer?: string;
  readonly commit?: string;
  /** The state of the layer for `layer`, the health of the cluster for `health`; `put-back` or `left` for `drift`. */
  readonly state?: string;
  /** The object that drifted, was adopted, or that a problem is about: `Deployment.apps hello/web`. */
  readonly object?: string;
  /** Its fields that differed: `.spec.replicas`; none where it was deleted. */
  readonly fields?: readonly string[];
  /** The field managers that changed them, as far as the server names them. */
  readonly managers?: readonly string[];
  /** One sentence for people. */
  readonly message: string;
  /** More of it, line by line: for `lock` what became of each override of the cluster. */
  readonly details?: readonly string[];
  /** The file in the repository that a `problem` is in. */
  readonly file?: string;
  /** What to do about a `problem`, often a command. */
  readonly hint?: string;
}
