import type { Problem } from "./errors.ts";
import type { ClusterHealth, LastSync, LayerState } from "./status.ts";

/** One layer of a cluster as people and programs see it. */
export interface LayerView {
  readonly name: string;
  readonly type: string;
  readonly state: LayerState;
  readonly message: string;
}

export interface ClusterProfileView {
  readonly name: string;
  readonly version: string;
  /** The locked revision; null where what is locked is no revision (yet), or nothing is locked. */
  readonly revision: number | null;
  /** True where the version's current revision has other content than what is locked. */
  readonly updatesAvailable: boolean;
  readonly layers: readonly LayerView[];
}

/** One value of one cluster over its profile. */
export interface OverrideView {
  readonly profile: string;
  readonly layer: string;
  readonly object: string;
  readonly path: string;
  readonly value: unknown;
}

/** What `cluster show -o json` prints and the API serves: the repository's word and the live state in one. */
export interface ClusterView {
  readonly name: string;
  readonly tags: readonly string[];
  /** For people: `context kind-dev`, `in-cluster` or `sandbox`. */
  readonly connection: string;
  readonly health: ClusterHealth;
  /** One sentence that says why it is not healthy; empty when it is. */
  readonly message: string;
  readonly profiles: readonly ClusterProfileView[];
  readonly overrides: readonly OverrideView[];
  readonly urls: readonly string[];
  readonly lastSync: LastSync | null;
  readonly blockedBy: readonly Problem[];
}

/** One object that Strata runs in a cluster, for `cluster workloads`. */
export interface WorkloadView {
  readonly layer: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly health: string;
  readonly message: string;
  /** `2/2` for kinds that count replicas, empty for others. */
  readonly ready: string;
}
