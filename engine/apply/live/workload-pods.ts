import type { KubeApi, ResourceType, Selection, Watch } from "../../cluster/types.ts";
import type { Health } from "../../health/health.ts";
import { healthOf, workloadHealth } from "../../health/health-of.ts";
import type { KubeObject, ObjectId } from "../../model/kube-object.ts";
import { PODS, REPLICA_SETS } from "../core-types.ts";
import { asMap } from "../json-parts.ts";
import { uidOf } from "../ownership.ts";
import type { LiveFacts } from "./facts.ts";
import { selectorText } from "./label-selector.ts";

/** A workload that becomes ready within this time, in milliseconds, costs no watch of its Pods. */
const PATIENCE = 1_000;
/** Workloads whose Pods are watched at a time; the others are judged by their own status until it is their turn. */
const MOST = 16;

const WORKLOADS: ReadonlySet<string> = new Set([
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "batch/Job",
]);

interface Tracked {
  readonly workload: KubeObject;
  readonly timer: NodeJS.Timeout;
  readonly watches: Watch[];
  /** Watches that have told all they know: half of the picture shows old Pods as new ones. */
  readonly synced: Set<ResourceType>;
  readonly pods: Map<string, KubeObject>;
  readonly replicaSets: Map<string, KubeObject>;
}

export interface WorkloadPodsOptions {
  readonly api: KubeApi;
  readonly now: () => number;
  /** The Pods of a workload changed. */
  readonly onChange: () => void;
}

/** The Pods of workloads that are not ready, watched only while they are not: they show what cannot become ready. */
export class WorkloadPods {
  readonly #options: WorkloadPodsOptions;
  readonly #tracked = new Map<string, Tracked>();
  /** Keys of those whose Pods are watched, and of those that would be if there were room. */
  readonly #open = new Set<string>();
  readonly #queued = new Set<string>();

  constructor(options: WorkloadPodsOptions) {
    this.#options = options;
  }

  /** Takes note of a changed object; undefined where it is gone. */
  note(key: string, facts: LiveFacts | undefined): void {
    const workload = facts !== undefined && isWorkload(facts.id) ? facts.unready : undefined;
    if (workload === undefined) return this.#drop(key);
    if (this.#tracked.has(key)) return;
    this.#tracked.set(key, {
      workload,
      timer: setTimeout(() => this.#queue(key), PATIENCE),
      watches: [],
      synced: new Set(),
      pods: new Map(),
      replicaSets: new Map(),
    });
  }

  /** The health of an object, with what its Pods and the clock show. */
  healthOf(key: string, facts: LiveFacts): Health {
    if (facts.unready === undefined) return facts.health;
    const now = new Date(this.#options.now());
    const tracked = this.#tracked.get(key);
    if (tracked === undefined || tracked.synced.size < tracked.watches.length)
      return healthOf(facts.unready, now);
    return workloadHealth(facts.unready, [...tracked.pods.values()], [...tracked.replicaSets.values()], now);
  }

  close(): void {
    this.#queued.clear();
    for (const key of this.#tracked.keys()) this.#drop(key);
  }

  #drop(key: string): void {
    const tracked = this.#tracked.get(key);
    if (tracked === undefined) return;
    clearTimeout(tracked.timer);
    for (const watch of tracked.watches) watch.close();
    this.#tracked.delete(key);
    this.#queued.delete(key);
    if (this.#open.delete(key)) this.#openNext();
  }

  #queue(key: string): void {
    this.#queued.add(key);
    this.#openNext();
  }

  #openNext(): void {
    for (const key of this.#queued) {
      if (this.#open.size >= MOST) return;
      this.#queued.delete(key);
      this.#open.add(key);
      const tracked = this.#tracked.get(key);
      if (tracked !== undefined) this.#watchPods(tracked);
    }
  }

  #watchPods({ workload, watches, synced, pods, replicaSets }: Tracked): void {
    const labelSelector = selectorText(asMap(workload.spec).selector);
    const { namespace } = workload.metadata;
    if (labelSelector === undefined || typeof namespace !== "string") return;
    watches.push(this.#watch(PODS, { namespace, labelSelector }, pods, synced));
    if (workload.kind !== "Deployment") return;
    watches.push(this.#watch(REPLICA_SETS, { namespace, labelSelector }, replicaSets, synced));
  }

  #watch(
    type: ResourceType,
    selection: Selection,
    objects: Map<string, KubeObject>,
    synced: Set<ResourceType>,
  ): Watch {
    const changed = this.#options.onChange;
    return this.#options.api.watch(type, selection, {
      onUpsert: (object) => {
        objects.set(uidOf(object), object);
        changed();
      },
      onGone: ({ uid }) => {
        objects.delete(uid);
        changed();
      },
      onSynced: () => {
        synced.add(type);
        changed();
      },
      // Without its Pods a workload is judged by its own status alone.
      onDown: changed,
      onUp: changed,
    });
  }
}

function isWorkload({ group, kind }: ObjectId): boolean {
  return WORKLOADS.has(`${group}/${kind}`);
}
