import type { KubeObject } from "../../engine/model/kube-object.ts";
import { mapAt, mapsAt, namespaceOf, textAt } from "../store/parts.ts";
import { publishEndpoints } from "./endpoints.ts";
import { matchesLabels } from "./pods.ts";
import type { Controller, ControllerContext } from "./types.ts";
import { change, remove } from "./write.ts";

const SERVICES = "/services";

/** Gives load balancers an address, and keeps the endpoints of every Service. */
export const services: Controller = ({ resource, before, after }, context) => {
  const object = after ?? before;
  if (object === undefined) return;
  if (resource === SERVICES && after !== undefined) {
    balance(after, context);
    publishEndpoints(after, context);
  }
  if (resource === SERVICES && after === undefined) retire(object, context);
  if (resource !== "/pods") return;
  for (const service of context.objects.store.list(SERVICES, namespaceOf(object))) {
    const selector = mapAt(service, "spec", "selector");
    if (Object.keys(selector).length > 0 && matchesLabels(object, selector))
      publishEndpoints(service, context);
  }
};

/** Endpoints have no owner reference: their controller takes them away with the Service. */
function retire(service: KubeObject, context: ControllerContext): void {
  const endpoints = context.objects.store.get("/endpoints", namespaceOf(service), service.metadata.name);
  if (endpoints !== undefined) remove(context, endpoints);
}

/** A load balancer has an address; what no longer is one loses it. */
function balance(service: KubeObject, context: ControllerContext): void {
  const isBalanced = textAt(service, "spec", "type") === "LoadBalancer";
  const hasAddress = mapsAt(service, "status", "loadBalancer", "ingress").length > 0;
  if (isBalanced === hasAddress) return;
  const ip = isBalanced ? context.objects.addresses.balancer(service) : undefined;
  if (isBalanced && ip === undefined) return;
  const loadBalancer = { ingress: ip === undefined ? null : [{ ip, ipMode: "VIP" }] };
  change(context, service, { status: { loadBalancer } }, "sandbox-load-balancer");
}
