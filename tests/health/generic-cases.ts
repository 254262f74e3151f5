import { condition, type Row, secondsAgo, status } from "./objects.ts";

export const generic: Row[] = [
  [
    "being deleted, whatever else it says",
    "v1/ConfigMap",
    { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } },
    "terminating",
  ],
  ["no status", "example.com/v1/Widget", {}, "healthy"],
  [
    "older generation seen",
    "example.com/v1/Widget",
    { metadata: { generation: 2 }, ...status({}) },
    "progressing",
    "last change",
  ],
  [
    "generation without an observed one",
    "example.com/v1/Widget",
    { metadata: { generation: 2 }, status: {} },
    "healthy",
  ],
  [
    "Reconciling",
    "example.com/v1/Widget",
    status({}, condition("Reconciling", "True", "Busy", "wait")),
    "progressing",
    "Busy: wait",
  ],
  [
    "Stalled",
    "example.com/v1/Widget",
    status({}, condition("Stalled", "True", "Broken", "no")),
    "failed",
    "Broken: no",
  ],
  [
    "Stalled before Ready",
    "example.com/v1/Widget",
    status({}, condition("Ready"), condition("Stalled")),
    "failed",
  ],
  [
    "the first of Reconciling and Stalled",
    "example.com/v1/Widget",
    status({}, condition("Reconciling"), condition("Stalled")),
    "progressing",
  ],
  ["not Stalled", "example.com/v1/Widget", status({}, condition("Stalled", "False")), "healthy"],
  ["Stalled counts for built-in kinds too", "v1/ConfigMap", status({}, condition("Stalled")), "failed"],
  ["Ready", "example.com/v1/Widget", status({}, condition("Ready")), "healthy"],
  [
    "not Ready",
    "example.com/v1/Widget",
    status({}, condition("Ready", "False", "NotReadyYet")),
    "progressing",
    "NotReadyYet",
  ],
  [
    "Ready is Unknown",
    "example.com/v1/Widget",
    status({}, condition("Ready", "Unknown")),
    "progressing",
    "Ready is Unknown",
  ],
  ["Ready is nonsense", "example.com/v1/Widget", status({}, condition("Ready", "Maybe")), "healthy"],
  ["another condition", "example.com/v1/Widget", status({}, condition("SomeCondition", "False")), "healthy"],
  ["conditions that are no list", "example.com/v1/Widget", { status: { conditions: "none" } }, "healthy"],
];

export const UNSCHEDULABLE = condition("PodScheduled", "False", "Unschedulable", "0/3 nodes are available");

export const pods: Row[] = [
  ["no status", "v1/Pod", {}, "progressing"],
  ["ready", "v1/Pod", status({ phase: "Running" }, condition("Ready")), "healthy"],
  [
    "completed",
    "v1/Pod",
    status({ phase: "Succeeded" }, condition("Ready", "False", "PodCompleted")),
    "healthy",
  ],
  [
    "completed badly",
    "v1/Pod",
    status({ phase: "Failed" }, condition("Ready", "False", "PodCompleted")),
    "healthy",
  ],
  [
    "running",
    "v1/Pod",
    status({ phase: "Running" }, condition("Ready", "False")),
    "progressing",
    "not ready",
  ],
  [
    "crash loop",
    "v1/Pod",
    status({
      phase: "Running",
      containerStatuses: [{ name: "web", state: { waiting: { reason: "CrashLoopBackOff" } } }],
    }),
    "failed",
    "web",
  ],
  [
    "not scheduled for 14 s",
    "v1/Pod",
    { metadata: { creationTimestamp: secondsAgo(14) }, ...status({ phase: "Pending" }, UNSCHEDULABLE) },
    "progressing",
  ],
  [
    "not scheduled for 15 s",
    "v1/Pod",
    { metadata: { creationTimestamp: secondsAgo(15) }, ...status({ phase: "Pending" }, UNSCHEDULABLE) },
    "failed",
    "0/3 nodes",
  ],
  ["not scheduled since nobody knows when", "v1/Pod", status({ phase: "Pending" }, UNSCHEDULABLE), "failed"],
  ["pending", "v1/Pod", status({ phase: "Pending" }), "progressing"],
  ["a phase of the future", "v1/Pod", status({ phase: "Dreaming" }), "unknown", "Dreaming"],
];
