import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type ApiServer, apiServer } from "./api-server.ts";
import type { Binaries } from "./binaries.ts";
import { startApiProcess, writeCredentials } from "./api-process.ts";
import type { Guard } from "./guard.ts";
import { type Access, clusterKubeconfig } from "./kubeconfig.ts";
import { runLoadBalancer } from "./load-balancer.ts";
import { retryTakenPort, type Server, startServer, waitFor } from "./servers.ts";

/** A real API server on loopback, with what makes a cluster of it. */
export interface ControlPlaneCluster extends Access {
  /** Ends the API server alone and resolves when it is gone; its objects stay. */
  stopApiServer(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and resolves when it is ready. */
  startApiServer(): Promise<void>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  readonly name: string;
  readonly binaries: Binaries;
  /** URL of etcd. */
  readonly etcd: string;
  /** Where its files go: keys, certificates, logs. */
  readonly folder: string;
  readonly guard: Guard;
  /** Bounds the start. */
  readonly signal: AbortSignal;
}

/** On a busy machine the fake node's heartbeat comes late: that must not make its Pods unready. */
const NO_EVICTIONS = "--node-monitor-grace-period=1h";
/** Without these controllers send 20 requests a second, and a hundred Deployments take 20 seconds whoever applies them. */
const UNHURRIED_BY_LIMITS = ["--kube-api-qps=1000", "--kube-api-burst=2000"];

/** Starts API server, controller-manager, scheduler, kwok and load balancer, and waits until a Pod could run. */
export async function startCluster(options: ClusterOptions): Promise<ControlPlaneCluster> {
  const { name, folder, signal } = options;
  await mkdir(folder, { recursive: true });
  const token = randomBytes(24).toString("hex");
  await writeCredentials(folder, token);
  const process = await retryTakenPort(() => startApiProcess(options, token));
  const access = { name, server: process.url, token, ca: process.ca };
  const api = apiServer(access);
  const ended = new AbortController();
  const balancer = runLoadBalancer(name, api, ended.signal);
  const controllers = await startControllers(options, access);
  const stop = async (): Promise<void> => {
    ended.abort();
    await Promise.all([...controllers, process].map((server) => server.stop("SIGKILL")));
    await balancer;
    await api.close();
  };
  try {
    await api.send("POST", "/api/v1/nodes", fakeNode(), signal);
    for (const controller of controllers) await waitFor(controller, () => isUsable(api, signal), signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...access,
    stopApiServer: (how) => process.stop(how),
    startApiServer: () => process.start(),
    stop,
  };
}

async function startControllers(
  { binaries, folder, guard }: ClusterOptions,
  access: Access,
): Promise<Server[]> {
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, clusterKubeconfig([access]), { mode: 0o600 });
  const connect = `--kubeconfig=${kubeconfig}`;
  const alone = ["--leader-elect=false", "--bind-address=127.0.0.1", "--secure-port=0"];
  const key = `--service-account-private-key-file=${join(folder, "service-accounts.key")}`;
  const start = (name: keyof Binaries, ...args: string[]): Server =>
    startServer({ name, program: binaries[name], args: [connect, ...args], folder, guard });
  return [
    start("kube-controller-manager", ...alone, key, NO_EVICTIONS, ...UNHURRIED_BY_LIMITS),
    start("kube-scheduler", ...alone),
    start("kwok", "--manage-all-nodes=true"),
  ];
}

const Node = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});

/** Whether the controllers made what every namespace has, and kwok took the node. */
async function isUsable(api: ApiServer, signal: AbortSignal): Promise<boolean> {
  await api.get("/api/v1/namespaces/default/configmaps/kube-root-ca.crt", signal);
  const node = Node.parse(await api.get("/api/v1/nodes/node-1", signal));
  return node.status.conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

function fakeNode(): unknown {
  const room = { cpu: "1000", memory: "4Ti", pods: "10000" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: "node-1",
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: { "kubernetes.io/hostname": "node-1", "kubernetes.io/os": "linux" },
    },
    status: { allocatable: room, capacity: room },
  };
}
