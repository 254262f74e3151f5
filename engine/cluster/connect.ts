import { join } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Connection } from "../model/cluster.ts";
import { EngineError } from "../model/errors.ts";
import { createKubeApi } from "./kube-api.ts";
import { loadKubeconfig } from "./kubeconfig.ts";
import { kubeconfigAccess } from "./kubeconfig-access.ts";
import { DEFAULT_TIMING, type Timing } from "./transport.ts";
import type { KubeApi } from "./types.ts";

export interface ConnectOptions {
  /** Kubeconfig files in kubectl's order. */
  readonly kubeconfig: readonly string[];
  /** The contexts that a repository may name. */
  readonly allowedContexts: readonly string[];
  /** The Pod that the engine runs in; left out where it runs in none. */
  readonly pod?: Pod;
  readonly timing?: Timing;
}

/** What Kubernetes gives to the containers of a Pod. */
export interface Pod {
  /** `https://<KUBERNETES_SERVICE_HOST>:<KUBERNETES_SERVICE_PORT>`. */
  readonly server: string;
  /** Folder with `token` and `ca.crt` of its service account; the token is replaced from time to time. */
  readonly serviceAccount: string;
}

/**
 * The API that a cluster's connection names. Nothing is sent yet.
 * @throws EngineError `context-not-allowed`, `context-unknown`, `kubeconfig-unreadable`, `kubeconfig-invalid`,
 * `not-in-cluster`
 */
export async function connect(
  connection: Exclude<Connection, { sandbox: true }>,
  options: ConnectOptions,
): Promise<KubeApi> {
  const load =
    "context" in connection
      ? () => loadContext(connection.context, options)
      : () => loadInCluster(options.pod);
  return createKubeApi(kubeconfigAccess(load, await load()), options.timing ?? DEFAULT_TIMING);
}

async function loadContext(name: string, options: ConnectOptions): Promise<KubeConfig> {
  if (!options.allowedContexts.includes(name)) throw notAllowed(name, options.allowedContexts);
  const config = await loadKubeconfig(options.kubeconfig);
  if (config.getContextObject(name) === null) {
    const known = config.contexts.map((context) => context.name).join(", ") || "none";
    const files = options.kubeconfig.join(", ") || "no file";
    throw new EngineError("context-unknown", `the kubeconfig (${files}) has no context "${name}"`, {
      hint: `its contexts: ${known}`,
    });
  }
  config.setCurrentContext(name);
  if (config.getCurrentCluster() === null) {
    throw new EngineError(
      "kubeconfig-invalid",
      `context "${name}" names a cluster that the kubeconfig does not have`,
    );
  }
  return config;
}

function notAllowed(name: string, allowed: readonly string[]): EngineError {
  const list = allowed.length === 0 ? "none" : allowed.join(", ");
  return new EngineError("context-not-allowed", `the engine may not use the context "${name}"`, {
    hint: `allowed: ${list}; start the engine with --allow-context ${name} to let repositories use it`,
  });
}

async function loadInCluster(pod: Pod | undefined): Promise<KubeConfig> {
  if (pod === undefined) {
    throw new EngineError("not-in-cluster", "the engine does not run in a Kubernetes cluster", {
      hint: "name a context of the kubeconfig instead: connection: { context: … }",
    });
  }
  const { KubeConfig } = await import("@kubernetes/client-node");
  const name = "in-cluster";
  const caFile = join(pod.serviceAccount, "ca.crt");
  const tokenFile = join(pod.serviceAccount, "token");
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name, server: pod.server, caFile, skipTLSVerify: false }],
    users: [{ name, authProvider: { name: "tokenFile", config: { tokenFile } } }],
    contexts: [{ name, cluster: name, user: name }],
    currentContext: name,
  });
  return config;
}
