import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, textAt } from "../store/parts.ts";
import { fill } from "./fill.ts";
import { withJobSelector } from "./job-selector.ts";
import type { ServiceAddresses } from "./service-addresses.ts";
import { serviceSpec } from "./service-spec.ts";

/**
 * The defaults that users see on live objects and that controllers build on, after those of Kubernetes'
 * `pkg/apis/.../defaults.go`; rare fields are left out.
 */
export function withDefaults(object: KubeObject, addresses: ServiceAddresses): KubeObject {
  switch (object.kind) {
    case "Deployment":
    case "ReplicaSet":
    case "StatefulSet":
    case "DaemonSet":
      return { ...object, spec: workloadSpec(object) };
    case "Job":
      return withJobSelector({ ...object, spec: workloadSpec(object) });
    case "Pod":
      return { ...object, spec: podSpec(mapAt(object, "spec")) };
    case "Service":
      return { ...object, spec: serviceSpec(object, addresses) };
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
  const withPods = {
    ...spec,
    template: { ...template, spec: podSpec(mapAt(template, "spec")) },
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
