import type { Json, JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { listAt, mapAt, mapsAt, numberAt, textAt } from "../../store/parts.ts";
import { AGE, type Column, count, duration, NAME, pairs, selectorText, since, text, wide } from "./cells.ts";

const TEMPLATE = ["spec", "template", "spec"];
const CRON_TEMPLATE = ["spec", "jobTemplate", ...TEMPLATE];
const SELECTOR: Column = {
  name: "Selector",
  wide: true,
  value: (object) => selectorText(mapAt(object, "spec", "selector")),
};
const READY: Column = {
  name: "Ready",
  value: (object) =>
    `${numberAt(object, ["status", "readyReplicas"], 0)}/${numberAt(object, ["spec", "replicas"], 1)}`,
};
const SET: readonly Column[] = [
  NAME,
  count("Desired", "spec", "replicas"),
  count("Current", "status", "replicas"),
  count("Ready", "status", "readyReplicas"),
  AGE,
  ...containers(TEMPLATE),
];

/** The columns of Pods and of what runs them, after `pkg/printers/internalversion/printers.go` of Kubernetes. */
export const WORKLOAD_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Pod: [
    NAME,
    { name: "Ready", value: podReady },
    { name: "Status", value: podStatus },
    { name: "Restarts", value: podRestarts },
    AGE,
    wide(text("IP", "status", "podIP")),
    wide(text("Node", "spec", "nodeName")),
    wide(text("Nominated Node", "status", "nominatedNodeName")),
    wide(text("Readiness Gates")),
  ],
  Deployment: [
    NAME,
    READY,
    count("Up-to-date", "status", "updatedReplicas"),
    count("Available", "status", "availableReplicas"),
    AGE,
    ...containers(TEMPLATE),
    SELECTOR,
  ],
  ReplicaSet: [...SET, SELECTOR],
  ReplicationController: [
    ...SET,
    { name: "Selector", wide: true, value: (object) => pairs(mapAt(object, "spec", "selector")) },
  ],
  StatefulSet: [NAME, READY, AGE, ...containers(TEMPLATE)],
  DaemonSet: [
    NAME,
    count("Desired", "status", "desiredNumberScheduled"),
    count("Current", "status", "currentNumberScheduled"),
    count("Ready", "status", "numberReady"),
    count("Up-to-date", "status", "updatedNumberScheduled"),
    count("Available", "status", "numberAvailable"),
    { name: "Node Selector", value: (object) => pairs(mapAt(object, ...TEMPLATE, "nodeSelector")) },
    AGE,
    ...containers(TEMPLATE),
    SELECTOR,
  ],
  Job: [
    NAME,
    { name: "Status", value: jobStatus },
    { name: "Completions", value: jobCompletions },
    { name: "Duration", value: jobDuration },
    AGE,
    ...containers(TEMPLATE),
    SELECTOR,
  ],
  CronJob: [
    NAME,
    text("Schedule", "spec", "schedule"),
    text("Timezone", "spec", "timeZone"),
    { name: "Suspend", value: (object) => (mapAt(object, "spec").suspend === true ? "True" : "False") },
    { name: "Active", value: (object) => listAt(object, "status", "active").length },
    lastSchedule(),
    AGE,
    ...containers(CRON_TEMPLATE),
    wide(text("Selector")),
  ],
  ControllerRevision: [
    NAME,
    { name: "Controller", value: controllerName },
    count("Revision", "revision"),
    AGE,
  ],
  HorizontalPodAutoscaler: [
    NAME,
    { name: "Reference", value: scaleTarget },
    { name: "Targets", value: () => "<unknown>" },
    { name: "MinPods", value: (object) => numberAt(object, ["spec", "minReplicas"], 1) },
    count("MaxPods", "spec", "maxReplicas"),
    count("Replicas", "status", "currentReplicas"),
    AGE,
  ],
  PodDisruptionBudget: [
    NAME,
    { name: "Min Available", value: (object) => countOrShare(object, "minAvailable") },
    { name: "Max Unavailable", value: (object) => countOrShare(object, "maxUnavailable") },
    count("Allowed Disruptions", "status", "disruptionsAllowed"),
    AGE,
  ],
};

function containers(path: readonly string[]): Column[] {
  const listed = (field: string) => (object: KubeObject) =>
    mapsAt(object, ...path, "containers")
      .map((container) => textAt(container, field))
      .join(",");
  return [
    { name: "Containers", wide: true, value: listed("name") },
    { name: "Images", wide: true, value: listed("image") },
  ];
}

function podReady(pod: KubeObject): Json {
  const ready = statuses(pod).filter((status) => status.ready === true).length;
  return `${ready}/${listAt(pod, "spec", "containers").length}`;
}

function podStatus(pod: KubeObject): Json {
  if (textAt(pod, "metadata", "deletionTimestamp") !== "") return "Terminating";
  for (const status of statuses(pod)) {
    const reason =
      textAt(status, "state", "waiting", "reason") || textAt(status, "state", "terminated", "reason");
    if (reason !== "") return reason;
  }
  return textAt(pod, "status", "reason") || textAt(pod, "status", "phase") || "Pending";
}

function podRestarts(pod: KubeObject): Json {
  return statuses(pod).reduce((sum, status) => sum + numberAt(status, ["restartCount"], 0), 0);
}

function statuses(pod: KubeObject): readonly JsonObject[] {
  return mapsAt(pod, "status", "containerStatuses");
}

function jobStatus(job: KubeObject): Json {
  const is = (type: string) =>
    mapsAt(job, "status", "conditions").some((one) => one.type === type && one.status === "True");
  if (is("Complete")) return "Complete";
  if (is("Failed")) return "Failed";
  if (textAt(job, "metadata", "deletionTimestamp") !== "") return "Terminating";
  return is("Suspended") ? "Suspended" : "Running";
}

function jobCompletions(job: KubeObject): Json {
  return `${numberAt(job, ["status", "succeeded"], 0)}/${numberAt(job, ["spec", "completions"], 1)}`;
}

function jobDuration(job: KubeObject, now: Date): Json {
  const started = textAt(job, "status", "startTime");
  if (started === "") return "";
  const ended = textAt(job, "status", "completionTime");
  const seconds = ((ended === "" ? now.getTime() : Date.parse(ended)) - Date.parse(started)) / 1000;
  return duration(Math.max(0, Math.floor(seconds)));
}

function lastSchedule(): Column {
  const column = since("Last Schedule", "status", "lastScheduleTime");
  const value = (object: KubeObject, now: Date): Json =>
    textAt(object, "status", "lastScheduleTime") === "" ? "<none>" : column.value(object, now);
  return { ...column, value };
}

function controllerName(object: KubeObject): Json {
  const owner = mapsAt(object, "metadata", "ownerReferences").find((one) => one.controller === true);
  if (owner === undefined) return "<none>";
  const [group = ""] = textAt(owner, "apiVersion").split("/");
  return `${textAt(owner, "kind").toLowerCase()}.${group}/${textAt(owner, "name")}`;
}

function scaleTarget(object: KubeObject): Json {
  const target = mapAt(object, "spec", "scaleTargetRef");
  return `${textAt(target, "kind")}/${textAt(target, "name")}`;
}

function countOrShare(object: KubeObject, field: string): Json {
  return mapAt(object, "spec")[field] ?? "N/A";
}
