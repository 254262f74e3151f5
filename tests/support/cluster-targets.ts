import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { startSandbox } from "../../sandbox/index.ts";
import { type ApiServer, apiServer } from "./control-plane/api-server.ts";
import { type Access, clusterKubeconfig, readAccess } from "./control-plane/kubeconfig.ts";
import { leaseClusters } from "./lease-clusters.ts";
import { type KubectlRun, runKubectl } from "./run-kubectl.ts";
import { readBaseline, wipeCluster } from "./wipe-cluster.ts";

/** One cluster of a target. */
export interface TargetCluster {
  readonly context: string;
  readonly server: string;
  readonly token: string;
  /** PEM; undefined for plain HTTP. */
  readonly ca: string | undefined;
  /** The stock kubectl on this cluster; any exit code. */
  kubectl(args: readonly string[], options?: { readonly stdin?: string }): Promise<KubectlRun>;
  /** Deletes all that was not there when the target started, and resolves when it is gone. */
  wipe(): Promise<void>;
}

/** Clusters that no other test file uses until `stop`. */
export interface Target {
  readonly clusters: readonly TargetCluster[];
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/** A kind of clusters. */
export interface ClusterTarget {
  readonly name: "control-plane" | "sandbox";
  /** Gives `count` clusters; for the control plane, waits until they are free. */
  readonly start: (count: number) => Promise<Target>;
}

const LEASED_WITHIN = 10 * 60_000;
const NEVER = new AbortController().signal;

/** All kinds of clusters that this run tests, for `describe.each`: the sandbox, and real API servers unless told otherwise. */
export function clusterTargets(): ClusterTarget[] {
  const sandbox: ClusterTarget = { name: "sandbox", start: startSandboxes };
  const kubeconfig = inject("controlPlane");
  if (kubeconfig === "") return [sandbox];
  return [sandbox, { name: "control-plane", start: (count) => startLeased(kubeconfig, count) }];
}

/** The real API servers alone; empty where only the sandbox is tested. */
export function realTargets(): ClusterTarget[] {
  return clusterTargets().filter(({ name }) => name === "control-plane");
}

async function startSandboxes(count: number): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), "strata-sandboxes-"));
  const names = Array.from({ length: count }, (_, index) => `sandbox-${index + 1}`);
  const sandboxes = await Promise.all(names.map((name) => startSandbox({ name })));
  // kubectl sends no token over plain HTTP, so there it is a part of the URL
  const access = sandboxes.map(({ name, token, kubectlServer }) => ({
    name,
    server: kubectlServer,
    token,
    ca: undefined,
  }));
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, clusterKubeconfig(access), { mode: 0o600 });
  return openTarget(
    kubeconfig,
    access,
    () => Promise.all(sandboxes.map((sandbox) => sandbox.stop())),
    folder,
  );
}

async function startLeased(kubeconfig: string, count: number): Promise<Target> {
  const access = await readAccess(kubeconfig);
  const names = access.map(({ name }) => name);
  const lease = await leaseClusters(kubeconfig, names, count, AbortSignal.timeout(LEASED_WITHIN));
  const leased = access.filter(({ name }) => lease.contexts.includes(name));
  const folder = await mkdtemp(join(tmpdir(), "strata-lease-"));
  return openTarget(kubeconfig, leased, () => lease.release(), folder);
}

/** Ends with `end`, and with the folder that keeps kubectl's cache. */
async function openTarget(
  kubeconfig: string,
  access: readonly Access[],
  end: () => Promise<unknown>,
  folder: string,
): Promise<Target> {
  const stop = async (): Promise<void> => {
    await end();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const clusters = await Promise.all(access.map((each) => openCluster(kubeconfig, each, folder)));
    return { clusters, kubeconfig, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openCluster(kubeconfig: string, access: Access, folder: string): Promise<TargetCluster> {
  const { name: context, server, token, ca } = access;
  const kubectl = { program: inject("kubectl"), kubeconfig, context, cache: join(folder, context) };
  const baseline = await withApi(access, (api) => readBaseline(api, NEVER));
  return {
    context,
    server,
    token,
    ca,
    kubectl: (args, options) => runKubectl(kubectl, args, options?.stdin),
    wipe: () => withApi(access, (api) => wipeCluster(api, baseline, NEVER)),
  };
}

async function withApi<T>(access: Access, use: (api: ApiServer) => Promise<T>): Promise<T> {
  const api = apiServer(access);
  try {
    return await use(api);
  } finally {
    await api.close();
  }
}
