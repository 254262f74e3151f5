import { condition, type Row, status } from "./objects.ts";

const DEPLOYED = { updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, replicas: 1 };
const ROLLED_OUT = condition("Progressing", "True", "NewReplicaSetAvailable");
const AVAILABLE = condition("Available");

export const deployments: Row[] = [
  ["no status", "apps/v1/Deployment", {}, "progressing", "0 of 1"],
  ["well", "apps/v1/Deployment", status(DEPLOYED, ROLLED_OUT, AVAILABLE), "healthy"],
  ["well without a deadline", "apps/v1/Deployment", status(DEPLOYED, AVAILABLE), "healthy"],
  [
    "well with the deadline that means none",
    "apps/v1/Deployment",
    { spec: { progressDeadlineSeconds: 2147483647 }, ...status(DEPLOYED, AVAILABLE) },
    "healthy",
  ],
  [
    "with a deadline, not rolled out",
    "apps/v1/Deployment",
    {
      spec: { progressDeadlineSeconds: 45 },
      ...status(DEPLOYED, condition("Progressing", "False", "Some"), AVAILABLE),
    },
    "progressing",
    "ReplicaSet",
  ],
  [
    "not available",
    "apps/v1/Deployment",
    status(DEPLOYED, ROLLED_OUT, condition("Available", "False")),
    "progressing",
  ],
  [
    "deadline exceeded",
    "apps/v1/Deployment",
    status(DEPLOYED, AVAILABLE, condition("Progressing", "False", "ProgressDeadlineExceeded", "too late")),
    "failed",
    "too late",
  ],
  [
    "fewer replicas",
    "apps/v1/Deployment",
    { spec: { replicas: 2 }, ...status(DEPLOYED, AVAILABLE) },
    "progressing",
    "1 of 2 replicas",
  ],
  [
    "fewer updated",
    "apps/v1/Deployment",
    status({ ...DEPLOYED, updatedReplicas: 0 }, AVAILABLE),
    "progressing",
    "updated",
  ],
  [
    "old ones left",
    "apps/v1/Deployment",
    status({ ...DEPLOYED, replicas: 3 }, AVAILABLE),
    "progressing",
    "2 old",
  ],
  [
    "fewer available",
    "apps/v1/Deployment",
    status({ ...DEPLOYED, availableReplicas: 0 }, AVAILABLE),
    "progressing",
    "0 of 1 replicas available",
  ],
  [
    "fewer ready",
    "apps/v1/Deployment",
    status({ ...DEPLOYED, readyReplicas: 0 }, AVAILABLE),
    "progressing",
    "ready",
  ],
  ["scaled to none", "apps/v1/Deployment", { spec: { replicas: 0 }, ...status({}, AVAILABLE) }, "healthy"],
  [
    "counts that are no integers",
    "apps/v1/Deployment",
    { spec: { replicas: "3" }, ...status(DEPLOYED, AVAILABLE) },
    "healthy",
  ],
  ["another group's Deployment", "example.com/v1/Deployment", {}, "healthy"],
  ["at another version", "apps/v1beta2/Deployment", {}, "progressing"],
];
