import type { Json, JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { listAt, mapAt, mapsAt, numberAt, textAt } from "../../store/parts.ts";
import { AGE, type Column, firstThree, NAME, pairs, selectorText, text } from "./cells.ts";

/** The columns of Services, their endpoints and what leads to them, after Kubernetes' `printers.go`. */
export const NETWORK_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  Service: [
    NAME,
    text("Type", "spec", "type"),
    text("Cluster-IP", "spec", "clusterIP"),
    { name: "External-IP", value: externalIp },
    { name: "Port(s)", value: servicePorts },
    AGE,
    { name: "Selector", wide: true, value: (object) => pairs(mapAt(object, "spec", "selector")) },
  ],
  Endpoints: [NAME, { name: "Endpoints", value: endpoints }, AGE],
  EndpointSlice: [
    NAME,
    text("AddressType", "addressType"),
    { name: "Ports", value: slicePorts },
    { name: "Endpoints", value: sliceAddresses },
    AGE,
  ],
  Ingress: [
    NAME,
    text("Class", "spec", "ingressClassName"),
    { name: "Hosts", value: hosts },
    { name: "Address", value: (object) => balancers(object).join(",") },
    { name: "Ports", value: (object) => (listAt(object, "spec", "tls").length > 0 ? "80, 443" : "80") },
    AGE,
  ],
  IngressClass: [
    NAME,
    text("Controller", "spec", "controller"),
    text("Parameters", "spec", "parameters", "name"),
    AGE,
  ],
  NetworkPolicy: [
    NAME,
    { name: "Pod-Selector", value: (object) => selectorText(mapAt(object, "spec", "podSelector")) },
    AGE,
  ],
};

function balancers(object: KubeObject): string[] {
  return mapsAt(object, "status", "loadBalancer", "ingress").map(
    (one) => textAt(one, "ip") || textAt(one, "hostname"),
  );
}

function externalIp(service: KubeObject): Json {
  const type = textAt(service, "spec", "type");
  if (type === "ExternalName") return textAt(service, "spec", "externalName");
  const given = type === "LoadBalancer" ? balancers(service) : [];
  const all = [...given, ...listAt(service, "spec", "externalIPs").filter((ip) => typeof ip === "string")];
  if (all.length > 0) return all.join(",");
  return type === "LoadBalancer" ? "<pending>" : "<none>";
}

function servicePorts(service: KubeObject): Json {
  const shown = mapsAt(service, "spec", "ports").map((port) => {
    const node = numberAt(port, ["nodePort"], 0);
    return `${numberAt(port, ["port"], 0)}${node === 0 ? "" : `:${node}`}/${textAt(port, "protocol")}`;
  });
  return shown.join(",") || "<none>";
}

function endpoints(object: KubeObject): Json {
  const all = mapsAt(object, "subsets").flatMap((subset) =>
    mapsAt(subset, "addresses").flatMap((address) =>
      portNumbers(subset).map((port) => `${textAt(address, "ip")}:${port}`),
    ),
  );
  return firstThree(all);
}

function slicePorts(slice: KubeObject): Json {
  const ports = portNumbers(slice).map(String);
  return ports.length === 0 ? "<unset>" : firstThree(ports);
}

function sliceAddresses(slice: KubeObject): Json {
  const all = mapsAt(slice, "endpoints").flatMap((endpoint) => listAt(endpoint, "addresses"));
  return all.length === 0 ? "<unset>" : firstThree(all.map(String));
}

function portNumbers(object: JsonObject): number[] {
  return mapsAt(object, "ports").map((port) => numberAt(port, ["port"], 0));
}

function hosts(ingress: KubeObject): Json {
  const named = mapsAt(ingress, "spec", "rules").map((rule) => textAt(rule, "host"));
  const shown = named.filter((host) => host !== "");
  return shown.length === 0 ? "*" : firstThree(shown);
}
