import type { JsonObject } from "../../engine/model/kube-object.ts";
import { condition, type Row, status } from "./objects.ts";

const FOUR = { currentReplicas: 4, readyReplicas: 4, replicas: 4 };
const ON_NODES = {
  desiredNumberScheduled: 4,
  currentNumberScheduled: 4,
  updatedNumberScheduled: 4,
  numberAvailable: 4,
  numberReady: 4,
};
const SET = { replicas: 4, readyReplicas: 4, availableReplicas: 4, fullyLabeledReplicas: 4 };
const sts = (fields: JsonObject, spec: JsonObject = {}): JsonObject => ({
  spec: { replicas: 4, ...spec },
  ...status(fields),
});
const rolling = (partition: number): JsonObject => ({ updateStrategy: { rollingUpdate: { partition } } });

export const statefulSets: Row[] = [
  ["no status", "apps/v1/StatefulSet", {}, "progressing"],
  ["no replicas", "apps/v1/StatefulSet", status({ currentReplicas: 1 }), "progressing"],
  ["well", "apps/v1/StatefulSet", sts(FOUR), "healthy"],
  [
    "fewer ready",
    "apps/v1/StatefulSet",
    sts({ ...FOUR, readyReplicas: 2 }),
    "progressing",
    "2 of 4 replicas ready",
  ],
  ["fewer current", "apps/v1/StatefulSet", sts({ ...FOUR, currentReplicas: 2 }), "progressing", "current"],
  [
    "more than wanted",
    "apps/v1/StatefulSet",
    sts({ ...FOUR, replicas: 8 }),
    "progressing",
    "4 replicas are ending",
  ],
  [
    "revisions differ",
    "apps/v1/StatefulSet",
    sts({ ...FOUR, currentRevision: "a", updateRevision: "b" }),
    "progressing",
    "revision",
  ],
  [
    "the user updates it",
    "apps/v1/StatefulSet",
    sts({}, { updateStrategy: { type: "OnDelete" } }),
    "healthy",
  ],
  [
    "partition not reached",
    "apps/v1/StatefulSet",
    sts({ ...FOUR, updatedReplicas: 1 }, rolling(2)),
    "progressing",
    "1 of 2",
  ],
  [
    "partition reached",
    "apps/v1/StatefulSet",
    sts({ ...FOUR, updatedReplicas: 2, currentReplicas: 2 }, rolling(2)),
    "healthy",
  ],
  [
    "partition 0",
    "apps/v1/StatefulSet",
    sts({ ...FOUR, updatedReplicas: 3 }, rolling(0)),
    "progressing",
    "3 of 4",
  ],
];

export const sets: Row[] = [
  ["no status", "apps/v1/DaemonSet", {}, "progressing"],
  ["no counts", "apps/v1/DaemonSet", status({}), "progressing"],
  ["no observed generation", "apps/v1/DaemonSet", { status: ON_NODES }, "progressing"],
  [
    "no generation",
    "apps/v1/DaemonSet",
    { metadata: { generation: null }, ...status(ON_NODES) },
    "progressing",
  ],
  ["well", "apps/v1/DaemonSet", status(ON_NODES), "healthy"],
  ["no node to run on", "apps/v1/DaemonSet", status({ desiredNumberScheduled: 0 }), "healthy"],
  [
    "older generation",
    "apps/v1/DaemonSet",
    { metadata: { generation: 2 }, ...status(ON_NODES) },
    "progressing",
  ],
  [
    "fewer scheduled",
    "apps/v1/DaemonSet",
    status({ ...ON_NODES, currentNumberScheduled: 3 }),
    "progressing",
    "3 of 4 Pods scheduled",
  ],
  [
    "fewer updated",
    "apps/v1/DaemonSet",
    status({ ...ON_NODES, updatedNumberScheduled: 3 }),
    "progressing",
    "updated",
  ],
  [
    "fewer available",
    "apps/v1/DaemonSet",
    status({ ...ON_NODES, numberAvailable: 2 }),
    "progressing",
    "available",
  ],
  ["fewer ready", "apps/v1/DaemonSet", status({ ...ON_NODES, numberReady: 2 }), "progressing", "ready"],

  ["no status", "apps/v1/ReplicaSet", {}, "progressing"],
  [
    "well",
    "apps/v1/ReplicaSet",
    { spec: { replicas: 4 }, ...status(SET, condition("ReplicaFailure", "False")) },
    "healthy",
  ],
  [
    "fewer available",
    "apps/v1/ReplicaSet",
    { spec: { replicas: 4 }, ...status({ ...SET, availableReplicas: 2 }) },
    "progressing",
    "available",
  ],
  [
    "fewer ready",
    "apps/v1/ReplicaSet",
    { spec: { replicas: 4 }, ...status({ ...SET, readyReplicas: 2 }) },
    "progressing",
    "ready",
  ],
  [
    "too many",
    "apps/v1/ReplicaSet",
    { spec: { replicas: 4 }, ...status({ ...SET, replicas: 5 }) },
    "progressing",
    "ending",
  ],
  [
    "failure",
    "apps/v1/ReplicaSet",
    { spec: { replicas: 4 }, ...status(SET, condition("ReplicaFailure", "True", "FailedCreate", "quota")) },
    "progressing",
    "FailedCreate: quota",
  ],
];
