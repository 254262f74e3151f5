import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import { mapAt, mapsAt, numberAt, textAt } from "../../store/parts.ts";
import type { FieldProblem } from "../status-error.ts";
import { duplicates, immutable, portProblems, required, unsupported, wrong } from "./problem.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** What is wrong with a Service. */
export function serviceProblems(object: KubeObject, before: KubeObject | undefined): FieldProblem[] {
  const spec = mapAt(object, "spec");
  const type = textAt(spec, "type");
  if (!TYPES.includes(type)) return [unsupported("spec.type", type, TYPES)];
  if (type === "ExternalName")
    return textAt(spec, "externalName") === "" ? [required("spec.externalName")] : [];
  const ports = mapsAt(spec, "ports");
  const hadAddress = textAt(before, "spec", "clusterIP") !== "";
  const isHeadless = textAt(spec, "clusterIP") === "None";
  const field = (index: number, name: string) => `spec.ports[${index}].${name}`;
  return [
    ...(hadAddress ? immutable(object, before, ["spec", "clusterIP"]) : []),
    ...(ports.length === 0 && !isHeadless ? [required("spec.ports")] : []),
    ...ports.flatMap((port, index) => onePortProblems(port, index, ports.length)),
    ...duplicates(
      ports.map((port) => textAt(port, "name")),
      (index) => field(index, "name"),
    ),
  ];
}

function onePortProblems(port: JsonObject, index: number, count: number): FieldProblem[] {
  const at = `spec.ports[${index}]`;
  const protocol = textAt(port, "protocol");
  const nodePort = numberAt(port, ["nodePort"], 0);
  const range = "provided port is not in the valid range. The range of valid ports is 30000-32767";
  return [
    ...portProblems(`${at}.port`, port.port),
    ...(count > 1 && textAt(port, "name") === "" ? [required(`${at}.name`)] : []),
    ...(PROTOCOLS.includes(protocol) ? [] : [unsupported(`${at}.protocol`, protocol, PROTOCOLS)]),
    ...(nodePort !== 0 && (nodePort < 30_000 || nodePort > 32_767)
      ? [wrong(`${at}.nodePort`, nodePort, range)]
      : []),
  ];
}
