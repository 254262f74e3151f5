import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { type ApiServer, apiServer } from "./api-server.ts";
import type { Binaries } from "./binaries.ts";
import { clusterKubeconfig } from "./kubeconfig.ts";
import { runLoadBalancer } from "./load-balancer.ts";
import { freePort, logTail, type Server, startServer } from "./servers.ts";

export interface ControlPlaneCluster {
  /** Name of the cluster and of its context: `dev-1`. */
  readonly name: string;
  readonly server: string;
  readonly token: string;
  readonly ca: string;
  stopApiServer(signal?: NodeJS.Signals): Promise<void>;
  startApiServer(): Promise<void>;
}

export interface ControlPlane {
  readonly clusters: readonly ControlPlaneCluster[];
  /** Path of a kubeconfig with one context a cluster. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly clusters: number;
  readonly binaries: Binaries;
  readonly say: (line: string) => void;
}

const READY_WITHIN = 90_000;
/** On a busy machine the fake node's heartbeat comes late: that must not make its Pods unready. */
const NO_EVICTIONS = "--node-monitor-grace-period=1h";

const Node = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});

/**
 * Starts real API servers with controller-manager, scheduler and kwok on one etcd, and waits until a Pod could run.
 * All end with this process, however it ends.
 */
export async function startControlPlane(options: StartOptions): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), "strata-control-plane-"));
  const etcd = await startEtcd(options.binaries, folder);
  const names = Array.from({ length: options.clusters }, (_, index) => `dev-${index + 1}`);
  const running: RunningCluster[] = [];
  const stop = async () => {
    await Promise.all(running.map((cluster) => cluster.stop()));
    await etcd.server.stop("SIGKILL");
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    for (const name of names) {
      options.say(`starting ${name}`);
      running.push(await startCluster(name, etcd.url, options.binaries, folder));
    }
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, clusterKubeconfig(running), { mode: 0o600 });
    return { clusters: running, kubeconfig, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface RunningCluster extends ControlPlaneCluster {
  stop(): Promise<void>;
}

async function startEtcd(binaries: Binaries, folder: string): Promise<{ url: string; server: Server }> {
  const [client, peer] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${client}`;
  const args = [
    `--data-dir=${join(folder, "etcd")}`,
    "--unsafe-no-fsync",
    ...[`--listen-client-urls=${url}`, `--advertise-client-urls=${url}`],
    ...[
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    ],
    ...[
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
      "--quota-backend-bytes=4294967296",
      "--log-level=warn",
    ],
  ];
  return { url, server: startServer("etcd", binaries.etcd, args, folder) };
}

async function startCluster(
  name: string,
  etcd: string,
  binaries: Binaries,
  root: string,
): Promise<RunningCluster> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const token = randomBytes(24).toString("hex");
  await writeCredentials(folder, token);
  const startApi = () =>
    startServer(
      "kube-apiserver",
      binaries["kube-apiserver"],
      apiServerArgs(name, port, etcd, folder),
      folder,
    );
  let api = startApi();
  const ca = await readWhenThere(join(folder, "certs", "apiserver.crt"));
  const client = apiServer(url, token, ca);
  await waitReady(client, folder);
  const kubeconfig = join(folder, "kubeconfig");
  const self = { name, server: url, token, ca };
  await writeFile(kubeconfig, clusterKubeconfig([self]), { mode: 0o600 });
  await client.request("POST", "/api/v1/nodes", fakeNode(), AbortSignal.timeout(10_000));
  const helpers = await startHelpers(binaries, kubeconfig, folder);
  const ended = new AbortController();
  const balancer = runLoadBalancer(client, ended.signal);
  await waitUsable(client, folder);
  return {
    ...self,
    stopApiServer: (signal) => api.stop(signal),
    startApiServer: async () => {
      api = startApi();
      await waitReady(client, folder);
    },
    stop: async () => {
      ended.abort();
      await Promise.all([...helpers, api].map((server) => server.stop("SIGKILL")));
      await balancer;
      await client.close();
    },
  };
}

async function writeCredentials(folder: string, token: string): Promise<void> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  await writeFile(join(folder, "service-accounts.key"), privateKey, { mode: 0o600 });
  await writeFile(join(folder, "tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
}

function apiServerArgs(name: string, port: number, etcd: string, folder: string): string[] {
  const key = join(folder, "service-accounts.key");
  return [
    ...[`--etcd-servers=${etcd}`, `--etcd-prefix=/${name}`],
    ...[`--secure-port=${port}`, "--bind-address=127.0.0.1", `--cert-dir=${join(folder, "certs")}`],
    ...[
      "--service-account-issuer=https://strata.test",
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
    ],
    ...[`--token-auth-file=${join(folder, "tokens.csv")}`, "--authorization-mode=RBAC"],
    ...["--service-cluster-ip-range=10.96.0.0/16", "--disable-admission-plugins=ServiceAccount", "--v=1"],
  ];
}

async function startHelpers(binaries: Binaries, kubeconfig: string, folder: string): Promise<Server[]> {
  const connect = [`--kubeconfig=${kubeconfig}`];
  const key = join(folder, "service-accounts.key");
  const quiet = ["--leader-elect=false", "--bind-address=127.0.0.1", "--secure-port=0"];
  return [
    startServer(
      "kube-controller-manager",
      binaries["kube-controller-manager"],
      [...connect, ...quiet, `--service-account-private-key-file=${key}`, NO_EVICTIONS],
      folder,
    ),
    startServer("kube-scheduler", binaries["kube-scheduler"], [...connect, ...quiet], folder),
    startServer(
      "kwok",
      binaries.kwok,
      [...connect, "--manage-all-nodes=true", `--server-address=127.0.0.1:${await freePort()}`],
      folder,
    ),
  ];
}

function fakeNode(): unknown {
  const room = { cpu: "1000", memory: "4Ti", pods: "10000" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: "node-1",
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: { "kubernetes.io/hostname": "node-1" },
    },
    status: { allocatable: room, capacity: room },
  };
}

async function readWhenThere(path: string): Promise<string> {
  for (const deadline = Date.now() + READY_WITHIN; ; await delay(100)) {
    const text = await readFile(path, "utf8").catch(() => "");
    if (text.includes("END CERTIFICATE")) return text;
    if (Date.now() > deadline) throw new Error(`${path} did not appear`);
  }
}

function waitReady(api: ApiServer, folder: string): Promise<void> {
  return waitFor(
    folder,
    "kube-apiserver",
    async () => (await api.request("GET", "/readyz", undefined)) === "ok",
  );
}

function waitUsable(api: ApiServer, folder: string): Promise<void> {
  return waitFor(folder, "kwok", async () => {
    await api.request("GET", "/api/v1/namespaces/default/configmaps/kube-root-ca.crt", undefined);
    const node = Node.parse(await api.request("GET", "/api/v1/nodes/node-1", undefined));
    return node.status.conditions.some(({ type, status }) => type === "Ready" && status === "True");
  });
}

async function waitFor(folder: string, name: string, ready: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN; ; await delay(100)) {
    if (await ready().catch(() => false)) return;
    if (Date.now() > deadline)
      throw new Error(`${name} did not become ready; its log ends with\n${await logTail(name, folder)}`);
  }
}
