import type { KubeObject } from "../model/kube-object.ts";
import { integer, objects, text } from "./fields.ts";

/** `http://<load balancer address>:<port>` of every address and TCP port that a LoadBalancer Service has; else none. */
export function serviceUrls(service: KubeObject): string[] {
  if (service.kind !== "Service" || text(service, "spec", "type") !== "LoadBalancer") return [];
  const addresses = objects(service, "status", "loadBalancer", "ingress")
    .map((ingress) => text(ingress, "hostname") || text(ingress, "ip"))
    .filter((address) => address !== "");
  const ports = objects(service, "spec", "ports")
    .filter((port) => ["", "TCP"].includes(text(port, "protocol")))
    .map((port) => integer(port, ["port"], 0))
    .filter((port) => port > 0);
  return addresses.flatMap((address) => ports.map((port) => `http://${hostOf(address)}:${port}`));
}

function hostOf(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
