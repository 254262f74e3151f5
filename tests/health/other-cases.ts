import { condition, type Row, secondsAgo, status } from "./objects.ts";

export const others: Row[] = [
  ["no status", "batch/v1/Job", {}, "progressing", "not started"],
  ["complete", "batch/v1/Job", status({ succeeded: 1 }, condition("Complete")), "healthy"],
  [
    "failed",
    "batch/v1/Job",
    status({ failed: 1 }, condition("Failed", "True", "BackoffLimitExceeded", "too often")),
    "failed",
    "BackoffLimitExceeded: too often",
  ],
  [
    "running: unlike kstatus, not done",
    "batch/v1/Job",
    {
      spec: { completions: 10 },
      ...status(
        { startTime: secondsAgo(60), succeeded: 3, active: 2 },
        condition("Failed", "False"),
        condition("Complete", "False"),
      ),
    },
    "progressing",
    "3 of 10",
  ],
  [
    "suspended",
    "batch/v1/Job",
    { spec: { suspend: true }, ...status({}, condition("Suspended", "True", "JobSuspended")) },
    "healthy",
  ],
  [
    "resumed, which its controller has not seen yet",
    "batch/v1/Job",
    { spec: { suspend: false }, ...status({}, condition("Suspended", "True", "JobSuspended")) },
    "progressing",
  ],
  ["about to be suspended", "batch/v1/Job", { spec: { suspend: true } }, "healthy"],
  [
    "no longer suspended",
    "batch/v1/Job",
    status({}, condition("Suspended", "False", "JobResumed")),
    "progressing",
  ],

  ["no status", "v1/PersistentVolumeClaim", {}, "progressing"],
  ["pending", "v1/PersistentVolumeClaim", status({ phase: "Pending" }), "progressing", "Pending"],
  ["bound", "v1/PersistentVolumeClaim", status({ phase: "Bound" }), "healthy"],

  ["plain", "v1/Service", {}, "healthy"],
  ["node port", "v1/Service", { spec: { type: "NodePort" } }, "healthy"],
  [
    "load balancer with a cluster IP and no address",
    "v1/Service",
    { spec: { type: "LoadBalancer", clusterIP: "10.0.0.1" } },
    "healthy",
  ],
  ["load balancer without", "v1/Service", { spec: { type: "LoadBalancer" } }, "progressing"],

  [
    "not observed",
    "policy/v1/PodDisruptionBudget",
    { metadata: { generation: 2 }, ...status({}) },
    "progressing",
  ],
  ["observed", "policy/v1/PodDisruptionBudget", status({}), "healthy"],
  ["any", "v1/Secret", {}, "healthy"],
  ["any", "batch/v1/CronJob", { status: null }, "healthy"],

  ["no conditions", "apiextensions.k8s.io/v1/CustomResourceDefinition", {}, "progressing"],
  [
    "installing",
    "apiextensions.k8s.io/v1/CustomResourceDefinition",
    status({}, condition("NamesAccepted"), condition("Established", "False", "Installing")),
    "progressing",
  ],
  [
    "names refused",
    "apiextensions.k8s.io/v1/CustomResourceDefinition",
    status({}, condition("NamesAccepted", "False", "PluralConflict", "taken")),
    "failed",
    "taken",
  ],
  [
    "not established",
    "apiextensions.k8s.io/v1/CustomResourceDefinition",
    status({}, condition("Established", "False", "Broken")),
    "failed",
    "Broken",
  ],
  [
    "established",
    "apiextensions.k8s.io/v1/CustomResourceDefinition",
    status({}, condition("NamesAccepted"), condition("Established")),
    "healthy",
  ],

  ["no conditions", "apiregistration.k8s.io/v1/APIService", {}, "progressing"],
  [
    "not available",
    "apiregistration.k8s.io/v1/APIService",
    status({}, condition("Available", "False", "ServiceNotFound", "no service")),
    "progressing",
    "ServiceNotFound: no service",
  ],
  ["available", "apiregistration.k8s.io/v1/APIService", status({}, condition("Available")), "healthy"],
];
