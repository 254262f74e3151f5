import type { Problem } from "./errors.ts";
import type { MassDeletion } from "./mass-deletion.ts";
import type { ClusterHealth, LastSync, LayerState, Leftovers } from "./status.ts";

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
  /** The version's current revision, where it has other content than what is locked. */
  readonly newer: number | null;
  /** True where that renders other objects or layers; else it has no effect. */
  readonly updatesAvailable: boolean;
  readonly layers: readonly LayerView[];
}

/**
 * What an update of the profile means for an overridden path: `kept`, the profile did not touch it; `conflict`, the
 * profile changed it, or something inside or around it, and the override stays if nobody decides otherwise;
 * `redundant`, the profile now says the same; `orphaned`, the object, list item or layer that it changed is gone.
 */
export type OverrideState = "kept" | "conflict" | "redundant" | "orphaned";

/** One value of one cluster over its profile. Values of Secrets are hidden. */
export interface OverrideView {
  readonly profile: string;
  readonly layer: string;
  /** For people: `Deployment.apps hello/web`. */
  readonly object: string;
  /** Empty for the object as a whole. */
  readonly path: string;
  /** Null where the override removes what is there. */
  readonly value: unknown;
  /** What the locked profile has there; null where it has nothing. */
  readonly profileValue: unknown;
  /** `orphaned` where the locked profile no longer has what it changes; else `kept`, or `redundant`. */
  readonly state: OverrideState;
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
  /** Set while the cluster is being deleted, once it answered, and when it is deleted. */
  readonly leftovers?: Leftovers;
  /** Set while a sync has stopped before it. */
  readonly massDeletion?: MassDeletion;
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

/** One version of a profile as lists show it. */
export interface VersionView {
  readonly version: string;
  /** Number of the current revision; null where the version is deleted or was never released. */
  readonly revision: number | null;
  readonly deleted: boolean;
  /** Main's tip declares it. */
  readonly onMain: boolean;
  /** Short name of the branch that owns it, null without one. */
  readonly branch: string | null;
  /** Clusters that have it attached. */
  readonly usedBy: readonly string[];
}

export interface ProfileView {
  readonly name: string;
  readonly tags: readonly string[];
  readonly type: string;
  readonly description: string;
  /** Highest first. */
  readonly versions: readonly VersionView[];
}

/** One version of a profile in full, for `profile show`. */
export interface ProfileDetailView extends ProfileView {
  /** The version whose layers these are. */
  readonly version: string;
  readonly layers: readonly {
    readonly name: string;
    readonly type: string;
    readonly files: readonly string[];
  }[];
}

/** One entry of a version's log, for `profile history`. */
export interface RevisionView {
  readonly profile: string;
  readonly version: string;
  readonly number: number;
  readonly event: string;
  /** Where it came from: a branch's full ref, `tag` or `lock`. */
  readonly source: string;
  readonly commit: string;
  readonly author: string;
  /** ISO 8601. */
  readonly time: string;
  readonly message: string;
  /** The version's tag stands for it. */
  readonly current: boolean;
  /** Clusters that have this content locked. */
  readonly lockedBy: readonly string[];
}

/** One state that a cluster had on main, for `cluster history`. */
export interface ClusterHistoryView {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601. */
  readonly time: string;
  readonly subject: string;
  readonly profiles: readonly {
    readonly name: string;
    readonly version: string;
    readonly revision: number | null;
  }[];
}

/** What applying one object would change in a cluster; secret values are left out of the text. */
export interface ObjectDiffView {
  readonly layer: string;
  /** For people: `Deployment.apps hello/web`. */
  readonly object: string;
  readonly change: "create" | "update" | "delete";
  /** Unified diff, live to desired, plain. */
  readonly diff: string;
}

/** A value in a cluster that is not as the profile has it, and that an apply leaves so. */
export interface LeftView {
  readonly layer: string;
  /** For people: `Deployment.apps hello/web`. */
  readonly object: string;
  /** As overrides write it: `spec.replicas`. */
  readonly path: string;
  /** The field managers that hold it now; none where nobody does. */
  readonly managers: readonly string[];
  /** To whom and for how long, for people. */
  readonly note: string;
}

/** Live against desired for one cluster; `objects` is empty where an apply would change nothing. */
export interface DiffView {
  readonly cluster: string;
  readonly commit: string;
  readonly objects: readonly ObjectDiffView[];
  readonly left: readonly LeftView[];
  readonly problems: readonly Problem[];
}

/** An object that left the profiles of a cluster and is still in it. */
export interface LeavingView {
  /** `profile/layer`; empty where it is not known. */
  readonly layer: string;
  /** For people: `Deployment.apps hello/web`. */
  readonly object: string;
  /** Why it leaves, or stays. */
  readonly why: string;
}

/** What a prune of a cluster would stop before, and what it keeps. */
export interface PruneView {
  readonly cluster: string;
  readonly commit: string;
  /** Null where nothing stops. */
  readonly massDeletion: MassDeletion | null;
  /** All that leaves with the mass deletion. */
  readonly stopped: readonly LeavingView[];
  /** Volumes that are kept; the id that also lets them go is {@link idWithVolumes}. */
  readonly volumes: readonly LeavingView[];
  /** What else is kept, as Namespaces and definitions that hold anything else. */
  readonly kept: readonly LeavingView[];
  /** Null where no volume is kept. */
  readonly idWithVolumes: string | null;
  /** Why nothing can be told. */
  readonly problems: readonly Problem[];
}

/** What `strata status` prints: the engine in a few lines. */
export interface StatusView {
  /** Of Strata. */
  readonly version: string;
  /** The commit of main that the engine works from; null for an unborn main. */
  readonly head: string | null;
  readonly ready: boolean;
  readonly problems: readonly Problem[];
  /** How many clusters have which health. */
  readonly clusters: Readonly<Record<ClusterHealth, number>>;
}
