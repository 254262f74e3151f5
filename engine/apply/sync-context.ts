import type { LimitFunction } from "p-limit";
import type { KubeApi } from "../cluster/types.ts";
import type { SchemaOf } from "../merge/index.ts";
import type { DefinedKind } from "./definitions.ts";
import type { DriftLog } from "./drift/drift-log.ts";
import type { InventoryStore } from "./inventory/store.ts";
import type { LiveObjects } from "./live/live-objects.ts";
import type { ServiceEndpoints } from "./live/service-endpoints.ts";
import type { WorkloadPods } from "./live/workload-pods.ts";
import type { Turn } from "./turn/turn-keeper.ts";

/** What the parts of one sync share. */
export interface SyncContext {
  readonly api: KubeApi;
  /** Id of the cluster's ApplySet. */
  readonly applySet: string;
  readonly store: InventoryStore;
  readonly live: LiveObjects;
  readonly pods: WorkloadPods;
  readonly endpoints: ServiceEndpoints;
  /** The kinds that CRDs of this render define. */
  readonly defined: readonly DefinedKind[];
  /** Names of the Namespaces of this render. */
  readonly ownNamespaces: ReadonlySet<string>;
  /** Names of the Namespaces that this sync created: nothing of ours or of others is in them but what the system makes. */
  readonly newNamespaces: Set<string>;
  /** Keys of objects for which an apply was sent: its answer may be lost, so what is there may be our own work. */
  readonly attempted: Set<string>;
  /** Keys of objects that changed in the cluster since their layer last looked at them. */
  readonly changed: Set<string>;
  /** Of the objects of this render. */
  readonly schemaOf: SchemaOf;
  /** Keys of the objects that autoscalers of this render scale. */
  readonly autoscaled: ReadonlySet<string>;
  readonly drift: DriftLog;
  /** Asked before each change: whether this engine may make it. */
  readonly turn: Turn;
  /** Bounds the requests at a time. */
  readonly limit: LimitFunction;
  /** Ends requests: the session is closed. */
  readonly signal: AbortSignal;
  /** A newer desired state came: nothing more is begun, what was begun ends. */
  readonly superseded: AbortSignal;
  /** Milliseconds by a clock that never jumps. */
  readonly clock: () => number;
  /** Tells that a layer's state may have changed. */
  readonly publish: () => void;
}
