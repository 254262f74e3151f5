import type { Json, JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { listAt, mapAt, mapsAt, numberAt, textAt } from "../store/parts.ts";
import type { ResourceDefinition } from "../store/types.ts";

interface Column {
  readonly name: string;
  readonly value: (object: KubeObject, now: Date) => Json;
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
}

/** Rows for people (meta.k8s.io/v1 Table), with the columns that a real API server prints for the kinds that run here. */
export function tableOf(
  definition: ResourceDefinition,
  objects: readonly KubeObject[],
  metadata: JsonObject,
  now: Date,
): JsonObject {
  const columns: readonly Column[] = [NAME, ...(COLUMNS[definition.kind] ?? customColumns(definition)), AGE];
  const { resourceVersion = "", continue: more } = metadata;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion, ...(more === undefined ? {} : { continue: more }) },
    columnDefinitions: columns.map(({ name, wide }) => ({
      name,
      type: "string",
      format: name === "Name" ? "name" : "",
      description: name,
      priority: wide === true ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.value(object, now)),
      object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
    })),
  };
}

const NAME: Column = { name: "Name", value: (object) => object.metadata.name };
const AGE: Column = {
  name: "Age",
  value: (object, now) => age(textAt(object, "metadata", "creationTimestamp"), now),
};

const text = (name: string, ...path: readonly string[]): Column => ({
  name,
  value: (object) => textAt(object, ...path) || "<none>",
});
const count = (name: string, ...path: readonly string[]): Column => ({
  name,
  value: (object) => numberAt(object, path, 0),
});
const ready = (have: string, want: readonly string[]): Column => ({
  name: "Ready",
  value: (object) => `${numberAt(object, ["status", have], 0)}/${numberAt(object, want, 1)}`,
});
const entries = (field: string): Column => ({
  name: "Data",
  value: (object) => Object.keys(mapAt(object, field)).length,
});

const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Namespace: [text("Status", "status", "phase")],
  Node: [
    { name: "Status", value: () => "Ready" },
    { name: "Roles", value: () => "<none>" },
    text("Version", "status", "nodeInfo", "kubeletVersion"),
  ],
  Pod: [
    { name: "Ready", value: podReady },
    { name: "Status", value: podStatus },
    {
      name: "Restarts",
      value: (object) =>
        mapsAt(object, "status", "containerStatuses").reduce(
          (sum, one) => sum + numberAt(one, ["restartCount"], 0),
          0,
        ),
    },
    { ...text("IP", "status", "podIP"), wide: true },
    { ...text("Node", "spec", "nodeName"), wide: true },
  ],
  Deployment: [
    ready("readyReplicas", ["spec", "replicas"]),
    count("Up-to-date", "status", "updatedReplicas"),
    count("Available", "status", "availableReplicas"),
    images(),
  ],
  ReplicaSet: [
    count("Desired", "spec", "replicas"),
    count("Current", "status", "replicas"),
    count("Ready", "status", "readyReplicas"),
    images(),
  ],
  StatefulSet: [ready("readyReplicas", ["spec", "replicas"]), images()],
  DaemonSet: [
    count("Desired", "status", "desiredNumberScheduled"),
    count("Current", "status", "currentNumberScheduled"),
    count("Ready", "status", "numberReady"),
    count("Up-to-date", "status", "updatedNumberScheduled"),
    count("Available", "status", "numberAvailable"),
  ],
  Job: [
    { name: "Status", value: jobStatus },
    {
      name: "Completions",
      value: (object) =>
        `${numberAt(object, ["status", "succeeded"], 0)}/${numberAt(object, ["spec", "completions"], 1)}`,
    },
  ],
  Service: [
    text("Type", "spec", "type"),
    text("Cluster-IP", "spec", "clusterIP"),
    { name: "External-IP", value: externalIp },
    { name: "Port(s)", value: ports },
    { name: "Selector", wide: true, value: (object) => pairs(mapAt(object, "spec", "selector")) },
  ],
  ConfigMap: [entries("data")],
  Secret: [text("Type", "type"), entries("data")],
  PersistentVolumeClaim: [text("Status", "status", "phase"), text("Volume", "spec", "volumeName")],
  CustomResourceDefinition: [
    { name: "Created At", value: (object) => textAt(object, "metadata", "creationTimestamp") },
  ],
};

function customColumns(definition: ResourceDefinition): Column[] {
  return (definition.columns ?? [])
    .filter((column) => textAt(column, "jsonPath") !== ".metadata.creationTimestamp")
    .map((column) => ({
      name: textAt(column, "name"),
      value: (object) =>
        textAt(
          object,
          ...textAt(column, "jsonPath")
            .split(".")
            .filter((part) => part !== ""),
        ) || "",
    }));
}

function images(): Column {
  return {
    name: "Images",
    wide: true,
    value: (object) =>
      mapsAt(object, "spec", "template", "spec", "containers")
        .map((container) => textAt(container, "image"))
        .join(","),
  };
}

function podReady(pod: KubeObject): Json {
  const statuses = mapsAt(pod, "status", "containerStatuses");
  return `${statuses.filter((status) => status.ready === true).length}/${listAt(pod, "spec", "containers").length}`;
}

function podStatus(pod: KubeObject): Json {
  if (textAt(pod, "metadata", "deletionTimestamp") !== "") return "Terminating";
  const waiting = mapsAt(pod, "status", "containerStatuses").map((status) =>
    textAt(status, "state", "waiting", "reason"),
  );
  return waiting.find((reason) => reason !== "") ?? (textAt(pod, "status", "phase") || "Pending");
}

function jobStatus(job: KubeObject): Json {
  const done = mapsAt(job, "status", "conditions").find((condition) => condition.status === "True");
  return done === undefined ? "Running" : textAt(done, "type");
}

function externalIp(service: KubeObject): Json {
  const given = mapsAt(service, "status", "loadBalancer", "ingress").map(
    (one) => textAt(one, "ip") || textAt(one, "hostname"),
  );
  if (given.length > 0) return given.join(",");
  return textAt(service, "spec", "type") === "LoadBalancer" ? "<pending>" : "<none>";
}

function ports(service: KubeObject): Json {
  return mapsAt(service, "spec", "ports")
    .map((port) => {
      const node = numberAt(port, ["nodePort"], 0);
      return `${numberAt(port, ["port"], 0)}${node === 0 ? "" : `:${node}`}/${textAt(port, "protocol")}`;
    })
    .join(",");
}

function pairs(map: JsonObject): string {
  const list = Object.entries(map).map(([key, value]) => `${key}=${typeof value === "string" ? value : ""}`);
  return list.length === 0 ? "<none>" : list.join(",");
}

/** `5s`, `3m12s`, `2h5m`, `4d3h`, as kubectl shortens a span. */
export function age(created: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(created)) / 1000));
  if (!Number.isFinite(seconds)) return "<unknown>";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return hours < 8 && minutes % 60 > 0 ? `${hours}h${minutes % 60}m` : `${hours}h`;
  const days = Math.floor(hours / 24);
  return days < 8 && hours % 24 > 0 ? `${days}d${hours % 24}h` : `${days}d`;
}
