import type { Problem } from "./errors.ts";
import type { MassDeletion } from "./mass-deletion.ts";

/**
 * State of one layer in one cluster. `waiting` is *not yet*: something it needs is missing and it goes on by itself;
 * in an uninstall, it is the layer whose turn it is. `gone`: all of it is uninstalled that does not stay.
 */
export type LayerState = "pending" | "waiting" | "applying" | "healthy" | "failed" | "gone";

/**
 * `orphaned`: its directory is gone, and nothing uninstalled what it runs. `deleted`: its deletion ended, and with it
 * its directory went; what `leftovers` names is still in the cluster.
 */
export const CLUSTER_HEALTHS = [
  "healthy",
  "progressing",
  "degraded",
  "unreachable",
  "unknown",
  "orphaned",
  "deleting",
  "deleted",
] as const;
export type ClusterHealth = (typeof CLUSTER_HEALTHS)[number];

/** Health of one object. `failed` is a state, not an end: it may become healthy again. */
export type ObjectHealth = "healthy" | "progressing" | "failed" | "terminating" | "unknown";

export interface LayerStatus {
  readonly profile: string;
  readonly name: string;
  readonly type: string;
  readonly state: LayerState;
  /** Why, for people; when healthy, what of it is knowingly not as the profile says, or empty. */
  readonly message: string;
  /** Objects that are not healthy, those that were refused, and those that are knowingly not as the profile says. */
  readonly problems: readonly Problem[];
}

export interface LastSync {
  /** The repository commit that was applied. */
  readonly commit: string;
  /** ISO 8601 times. */
  readonly startedAt: string;
  /** Set when every object was accepted (or refused) and pruning ended. */
  readonly finishedAt?: string;
}

/** What an uninstall leaves in its cluster, as far as it got: objects for people, of very many the first. */
export interface Leftovers {
  /** To be uninstalled, and still there: with why, where that is known. */
  readonly left: readonly string[];
  /** Stays on purpose: volumes, and Namespaces and definitions that hold anything else. */
  readonly kept: readonly string[];
  /** Was there before Strata, was released and runs on. */
  readonly released: readonly string[];
}

/** What an engine knows of one cluster's live state. */
export interface ClusterLive {
  readonly health: ClusterHealth;
  /** One sentence that says why it is not healthy, or what two fight over in it; else empty. */
  readonly message: string;
  readonly layers: readonly LayerStatus[];
  readonly urls: readonly string[];
  readonly lastSync?: LastSync;
  /** Set once an uninstall has ended. */
  readonly uninstalled?: true;
  /** Set in an uninstall, once the cluster answered. */
  readonly leftovers?: Leftovers;
  /** Set while a sync has stopped before it: nothing is deleted until it is approved, or what leaves is back. */
  readonly massDeletion?: MassDeletion;
  /** What a user must decide or mend before it goes on; one entry a reason. */
  readonly blockedBy: readonly Problem[];
}
