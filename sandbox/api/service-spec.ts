import type { Json, JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { listAt, mapAt, mapsAt, numberAt, textAt } from "../store/parts.ts";
import { fill } from "./fill.ts";
import type { ServiceAddresses } from "./service-addresses.ts";

/** What only a Service that is reached from outside has. */
const EXPOSED_ONLY = ["externalTrafficPolicy", "allocateLoadBalancerNodePorts", "healthCheckNodePort"];
const BALANCED_ONLY = ["allocateLoadBalancerNodePorts", "loadBalancerClass", "loadBalancerIP"];

/** The spec of a Service with what its type needs given, and without what another type left. */
export function serviceSpec(service: KubeObject, addresses: ServiceAddresses): JsonObject {
  const sent = mapAt(service, "spec");
  const type = textAt(sent, "type") === "" ? "ClusterIP" : textAt(sent, "type");
  const isExposed = type === "NodePort" || type === "LoadBalancer";
  const spec = without(sent, [
    ...(isExposed ? [] : EXPOSED_ONLY),
    ...(type === "LoadBalancer" ? [] : BALANCED_ONLY),
  ]);
  if (type === "ExternalName") return fill(spec, { type, sessionAffinity: "None" });
  const ports = isExposed ? exposedPorts(service, addresses) : innerPorts(spec);
  const ip = textAt(spec, "clusterIP") || addresses.clusterIp(service);
  const ips: readonly Json[] = listAt(spec, "clusterIPs").length === 0 ? [ip] : listAt(spec, "clusterIPs");
  return fill(
    { ...spec, ports, type, clusterIP: ip, clusterIPs: ips },
    {
      sessionAffinity: "None",
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      internalTrafficPolicy: "Cluster",
      ...(isExposed ? { externalTrafficPolicy: "Cluster" } : {}),
      ...(type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
    },
  );
}

function innerPorts(spec: JsonObject): JsonObject[] {
  return mapsAt(spec, "ports").map((port) => without(withTarget(port), ["nodePort"]));
}

function exposedPorts(service: KubeObject, addresses: ServiceAddresses): JsonObject[] {
  const ports = mapsAt(service, "spec", "ports");
  const given = ports.map((port) => numberAt(port, ["nodePort"], 0));
  return ports.map((port) => {
    const known = withTarget(port);
    if (numberAt(port, ["nodePort"], 0) !== 0) return known;
    const nodePort = addresses.nodePort(service, known, given);
    given.push(nodePort);
    return { ...known, nodePort };
  });
}

function withTarget(port: JsonObject): JsonObject {
  return fill(port, { protocol: "TCP", targetPort: port.port ?? null });
}

function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key)));
}
