import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, namespaceOf, textAt, uidOf } from "../store/parts.ts";
import { ownerReference } from "./owned.ts";
import { isReady, matchesLabels } from "./pods.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, ensure, remove } from "./write.ts";

const SERVICES = "/services";
const MANAGER = "kube-controller-manager";

/** Gives load balancers an address, and keeps the endpoints of every Service. */
export const services: Controller = ({ resource, before, after }, context) => {
  const object = after ?? before;
  if (object === undefined) return;
  if (resource === SERVICES && after !== undefined) {
    balance(after, context);
    publish(after, context);
  }
  if (resource === SERVICES && after === undefined) retire(object, context);
  if (resource !== "/pods") return;
  for (const service of context.objects.store.list(SERVICES, namespaceOf(object))) {
    const selector = mapAt(service, "spec", "selector");
    if (Object.keys(selector).length > 0 && matchesLabels(object, selector)) publish(service, context);
  }
};

/** Endpoints have no owner reference: their controller takes them away with the Service. */
function retire(service: KubeObject, context: ControllerContext): void {
  const endpoints = context.objects.store.get("/endpoints", namespaceOf(service), service.metadata.name);
  if (endpoints !== undefined) remove(context, endpoints);
}

function balance(service: KubeObject, context: ControllerContext): void {
  if (textAt(service, "spec", "type") !== "LoadBalancer") return;
  if (mapsAt(service, "status", "loadBalancer", "ingress").length > 0) return;
  const ingress = [{ ip: balancerAddress(service), ipMode: "VIP" }];
  change(context, service, { status: { loadBalancer: { ingress } } }, "sandbox-load-balancer");
}

/** An address of 198.51.100.0/24, which is set apart for documentation (RFC 5737): the same for one Service for ever. */
function balancerAddress(service: KubeObject): string {
  let hash = 0;
  for (const character of uidOf(service)) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 250;
  return `198.51.100.${hash + 2}`;
}

function publish(service: KubeObject, context: ControllerContext): void {
  const selector = mapAt(service, "spec", "selector");
  if (Object.keys(selector).length === 0) return;
  const namespace = namespaceOf(service);
  const pods = context.objects.store
    .list("/pods", namespace)
    .filter((pod) => matchesLabels(pod, selector) && textAt(pod, "status", "podIP") !== "");
  const ports = mapsAt(service, "spec", "ports").map((port) => ({
    ...(port.name === undefined ? {} : { name: port.name }),
    port: typeof port.targetPort === "number" ? port.targetPort : (port.port ?? 0),
    protocol: port.protocol ?? "TCP",
  }));
  const labels = mapAt(service, "metadata", "labels");
  slice(service, pods, ports, labels, context);
  const addresses = (ready: boolean) =>
    pods.filter((pod) => isReady(pod) === ready).map((pod) => ({ ip: textAt(pod, "status", "podIP") }));
  const [ready, not] = [addresses(true), addresses(false)];
  const subset = {
    ...(ready.length === 0 ? {} : { addresses: ready }),
    ...(not.length === 0 ? {} : { notReadyAddresses: not }),
    ports,
  };
  const subsets = pods.length === 0 ? [] : [subset];
  const endpoints: KubeObject = {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: service.metadata.name, namespace, labels },
    subsets,
  };
  ensure(context, endpoints, MANAGER);
  change(context, endpoints, { subsets, metadata: { labels } }, MANAGER);
}

function slice(
  service: KubeObject,
  pods: readonly KubeObject[],
  ports: readonly JsonObject[],
  labels: JsonObject,
  context: ControllerContext,
): void {
  const endpoints = pods.map((pod) => ({
    addresses: [textAt(pod, "status", "podIP")],
    conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
    targetRef: { kind: "Pod", name: pod.metadata.name, namespace: namespaceOf(pod), uid: uidOf(pod) },
  }));
  const own = {
    ...labels,
    "kubernetes.io/service-name": service.metadata.name,
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
  };
  const object: KubeObject = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: `${service.metadata.name}-sandbox`,
      namespace: namespaceOf(service),
      labels: own,
      ownerReferences: [ownerReference({ ...service, apiVersion: "v1", kind: "Service" })],
    },
    addressType: "IPv4",
    endpoints,
    ports,
  };
  ensure(context, object, MANAGER);
  change(context, object, { endpoints, ports, metadata: { labels: own } }, MANAGER);
}
