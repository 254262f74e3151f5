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
  readonly timing?: Timing;
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
  const load = "context" in connection ? () => loadContext(connection.context, options) : loadInCluster;
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

async function loadInCluster(): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromCluster();
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || !URL.canParse(server)) {
    throw new EngineError("not-in-cluster", "the engine does not run in a Kubernetes cluster", {
      hint: "name a context of the kubeconfig instead: connection: { context: … }",
    });
  }
  return config;
}
