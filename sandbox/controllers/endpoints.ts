import type { Json, JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, namespaceOf, numberAt, textAt, uidOf } from "../store/parts.ts";
import { ownerReference } from "./owned.ts";
import { isReady, matchesLabels } from "./pods.ts";
import type { ControllerContext } from "./types.ts";
import { change, ensure } from "./write.ts";

const MANAGER = "kube-controller-manager";
const ENDED = ["Succeeded", "Failed"];

/** Writes the Endpoints and the EndpointSlice of a Service with a selector; both have the Service's labels. */
export function publishEndpoints(service: KubeObject, context: ControllerContext): void {
  const selector = mapAt(service, "spec", "selector");
  if (Object.keys(selector).length === 0) return;
  const pods = context.objects.store
    .list("/pods", namespaceOf(service))
    .filter((pod) => matchesLabels(pod, selector) && isAddressed(pod));
  const ports = mapsAt(service, "spec", "ports").map((port) => ({
    ...(port.name === undefined ? {} : { name: port.name }),
    port: targetPort(port, pods),
    protocol: port.protocol ?? "TCP",
  }));
  write(endpointsOf(service, pods, ports), context);
  write(sliceOf(service, pods, ports), context);
}

function isAddressed(pod: KubeObject): boolean {
  if (textAt(pod, "metadata", "deletionTimestamp") !== "") return false;
  return textAt(pod, "status", "podIP") !== "" && !ENDED.includes(textAt(pod, "status", "phase"));
}

/** The number that a port leads to: a name is a port of a container. */
function targetPort(port: JsonObject, pods: readonly KubeObject[]): Json {
  const { targetPort: target, port: own = 0 } = port;
  if (typeof target !== "string") return target ?? own;
  const named = pods
    .flatMap((pod) => mapsAt(pod, "spec", "containers"))
    .flatMap((container) => mapsAt(container, "ports"))
    .find((one) => one.name === target);
  return numberAt(named, ["containerPort"], 0) || own;
}

function endpointsOf(
  service: KubeObject,
  pods: readonly KubeObject[],
  ports: readonly JsonObject[],
): KubeObject {
  const addresses = (ready: boolean) =>
    pods
      .filter((pod) => isReady(pod) === ready)
      .map((pod) => ({ ip: textAt(pod, "status", "podIP"), ...placeOf(pod) }));
  const [ready, not] = [addresses(true), addresses(false)];
  const subset = {
    ...(ready.length === 0 ? {} : { addresses: ready }),
    ...(not.length === 0 ? {} : { notReadyAddresses: not }),
    ports,
  };
  const labels = {
    ...mapAt(service, "metadata", "labels"),
    "endpoints.kubernetes.io/managed-by": "endpoint-controller",
  };
  const metadata = { name: service.metadata.name, namespace: namespaceOf(service), labels };
  return { apiVersion: "v1", kind: "Endpoints", metadata, subsets: pods.length === 0 ? [] : [subset] };
}

function sliceOf(service: KubeObject, pods: readonly KubeObject[], ports: readonly JsonObject[]): KubeObject {
  const labels = {
    ...mapAt(service, "metadata", "labels"),
    "kubernetes.io/service-name": service.metadata.name,
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
  };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: `${service.metadata.name}-sandbox`,
      namespace: namespaceOf(service),
      labels,
      ownerReferences: [ownerReference({ ...service, apiVersion: "v1", kind: "Service" })],
    },
    addressType: "IPv4",
    endpoints: pods.map((pod) => ({
      addresses: [textAt(pod, "status", "podIP")],
      conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
      ...placeOf(pod),
    })),
    ports,
  };
}

function placeOf(pod: KubeObject): JsonObject {
  const targetRef = {
    kind: "Pod",
    name: pod.metadata.name,
    namespace: namespaceOf(pod),
    uid: uidOf(pod),
  };
  return { nodeName: textAt(pod, "spec", "nodeName"), targetRef };
}

/** Creates an object or makes the one that is there like it, without the labels that it no longer has. */
function write(object: KubeObject, context: ControllerContext): void {
  ensure(context, object, MANAGER);
  const resource = object.kind === "Endpoints" ? "/endpoints" : "discovery.k8s.io/endpointslices";
  const live = context.objects.store.get(resource, namespaceOf(object), object.metadata.name);
  const gone = Object.keys(mapAt(live, "metadata", "labels")).map((key) => [key, null] as const);
  const labels: JsonObject = { ...Object.fromEntries(gone), ...mapAt(object, "metadata", "labels") };
  change(context, object, { ...object, metadata: { labels } }, MANAGER);
}
