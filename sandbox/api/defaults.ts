import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../engine/model/kube-object.ts";
import { listAt, mapAt, mapsAt, textAt } from "../store/parts.ts";

/** Fills in fields that are not there; what is there wins. */
function fill(object: JsonObject, defaults: JsonObject): JsonObject {
  const given = Object.entries(object).filter(([key, value]) => !(isEmpty(value) && key in defaults));
  return { ...defaults, ...Object.fromEntries(given) };
}

function isEmpty(value: Json): boolean {
  return value === null || (isJsonObject(value) && Object.keys(value).length === 0);
}

/**
 * The defaults that users see on live objects and that controllers build on, after those of Kubernetes'
 * `pkg/apis/.../defaults.go`; rare fields are left out.
 */
export function withDefaults(object: KubeObject, clusterIp: (object: KubeObject) => string): KubeObject {
  switch (object.kind) {
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
    case "DaemonSet":
    case "Job":
      return { ...object, spec: workloadSpec(object) };
    case "Pod":
      return { ...object, spec: podSpec(mapAt(object, "spec")) };
    case "Service":
      return { ...object, spec: serviceSpec(object, clusterIp) };
    case "Namespace":
      return namespaceDefaults(object);
    case "Secret":
      return {
        ...secretData(object),
        type: textAt(object, "type") === "" ? "Opaque" : textAt(object, "type"),
      };
    case "PersistentVolumeClaim":
      return {
        ...object,
        spec: fill(mapAt(object, "spec"), { volumeMode: "Filesystem", storageClassName: "standard" }),
      };
    default:
      return object;
  }
}

const STRATEGY = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } };

function workloadSpec(object: KubeObject): JsonObject {
  const spec = mapAt(object, "spec");
  const template = mapAt(spec, "template");
  const restart = object.kind === "Job" ? { restartPolicy: "Never" } : {};
  const withPods = {
    ...spec,
    template: { ...template, spec: podSpec({ ...restart, ...mapAt(template, "spec") }) },
  };
  switch (object.kind) {
    case "Deployment":
      return fill(withPods, {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: STRATEGY,
      });
    case "StatefulSet":
      return fill(withPods, {
        replicas: 1,
        revisionHistoryLimit: 10,
        podManagementPolicy: "OrderedReady",
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
      });
    case "DaemonSet":
      return fill(withPods, {
        revisionHistoryLimit: 10,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      });
    case "Job":
      return fill(withPods, {
        completions: 1,
        parallelism: 1,
        backoffLimit: 6,
        suspend: false,
        completionMode: "NonIndexed",
      });
    default:
      return fill(withPods, { replicas: 1 });
  }
}

function podSpec(spec: JsonObject): JsonObject {
  const containers = mapsAt(spec, "containers").map(containerDefaults);
  const init = mapsAt(spec, "initContainers").map(containerDefaults);
  return fill(
    { ...spec, containers, ...(init.length === 0 ? {} : { initContainers: init }) },
    {
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      securityContext: {},
      schedulerName: "default-scheduler",
    },
  );
}

function containerDefaults(container: JsonObject): JsonObject {
  const image = textAt(container, "image");
  const latest = image.endsWith(":latest") || !image.slice(image.lastIndexOf("/") + 1).includes(":");
  const ports = mapsAt(container, "ports").map((port) => fill(port, { protocol: "TCP" }));
  return fill(
    { ...container, ...(ports.length === 0 ? {} : { ports }) },
    {
      imagePullPolicy: latest ? "Always" : "IfNotPresent",
      resources: {},
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
    },
  );
}

function serviceSpec(object: KubeObject, clusterIp: (object: KubeObject) => string): JsonObject {
  const spec = mapAt(object, "spec");
  const type = textAt(spec, "type") === "" ? "ClusterIP" : textAt(spec, "type");
  const exposed = type === "NodePort" || type === "LoadBalancer";
  const ports = mapsAt(spec, "ports").map((port) => {
    const known = fill(port, { protocol: "TCP", targetPort: port.port ?? null });
    return exposed ? fill(known, { nodePort: nodePort(object.metadata.name, port) }) : known;
  });
  if (type === "ExternalName") return fill(spec, { type, sessionAffinity: "None" });
  const ip = textAt(spec, "clusterIP") === "" ? clusterIp(object) : textAt(spec, "clusterIP");
  const ips: readonly Json[] = listAt(spec, "clusterIPs").length === 0 ? [ip] : listAt(spec, "clusterIPs");
  return fill(
    { ...spec, ports, type, clusterIP: ip, clusterIPs: ips },
    {
      sessionAffinity: "None",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      internalTrafficPolicy: "Cluster",
      ...(type === "LoadBalancer"
        ? { externalTrafficPolicy: "Cluster", allocateLoadBalancerNodePorts: true }
        : {}),
    },
  );
}

/** A port of the range of node ports, the same whenever the same service asks. */
function nodePort(name: string, port: JsonObject): number {
  let hash = typeof port.port === "number" ? port.port : 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2767;
  return 30_000 + hash;
}

function namespaceDefaults(object: KubeObject): KubeObject {
  const labels = {
    ...mapAt(object, "metadata", "labels"),
    "kubernetes.io/metadata.name": object.metadata.name,
  };
  return {
    ...object,
    metadata: { ...object.metadata, labels },
    spec: fill(mapAt(object, "spec"), { finalizers: ["kubernetes"] }),
    status: fill(mapAt(object, "status"), { phase: "Active" }),
  };
}

function secretData(object: KubeObject): KubeObject {
  const { stringData: _text, ...rest } = object;
  const text = Object.entries(mapAt(object, "stringData"));
  if (text.length === 0) return rest as KubeObject; // only stringData is gone
  const encoded = text.map(
    ([key, value]) => [key, Buffer.from(typeof value === "string" ? value : "").toString("base64")] as const,
  );
  return { ...(rest as KubeObject), data: { ...mapAt(object, "data"), ...Object.fromEntries(encoded) } };
}
