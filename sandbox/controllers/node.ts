import { condition } from "./owned.ts";
import { NODE } from "./pods.ts";
import type { ControllerContext } from "./types.ts";
import { change, ensure } from "./write.ts";

const SIZE = { cpu: "1000", memory: "1000Gi", pods: "100000" };

/** The one node, on which all Pods run: always ready, never full. */
export function ensureNode(context: ControllerContext): void {
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: NODE } };
  ensure(context, node, "kubelet");
  if (context.objects.store.get("/nodes", "", NODE)?.status !== undefined) return;
  const status = {
    addresses: [
      { type: "InternalIP", address: "127.0.0.1" },
      { type: "Hostname", address: NODE },
    ],
    allocatable: SIZE,
    capacity: SIZE,
    conditions: [condition(node, "Ready", true, "KubeletReady", "the sandbox is running", context.now())],
    nodeInfo: {
      kubeletVersion: "v1.36.0+strata.sandbox",
      osImage: "sandbox",
      kernelVersion: "sandbox",
      containerRuntimeVersion: "sandbox://0",
    },
  };
  change(context, node, { status }, "kubelet");
}
