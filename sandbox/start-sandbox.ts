import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { KubeObject } from "../engine/model/kube-object.ts";
import { Objects } from "./api/objects.ts";
import { Registry } from "./api/registry.ts";
import { ensureNode } from "./controllers/node.ts";
import { runControllers } from "./controllers/run-controllers.ts";
import { ensure } from "./controllers/write.ts";
import { createApiServer } from "./http/serve.ts";
import { Journal } from "./store/journal.ts";
import { Store } from "./store/store.ts";

export interface SandboxOptions {
  /** Name of the cluster, for its kubeconfig. */
  readonly name: string;
  /** Where its objects are kept; without it they are gone when it stops. */
  readonly dir?: string;
}

/** An embedded cluster: a small Kubernetes API server on loopback, with controllers that bring workloads to readiness. */
export interface SandboxCluster {
  readonly name: string;
  /** `http://127.0.0.1:<port>`. */
  readonly server: string;
  readonly token: string;
  /** The server's URL for clients that send no token over plain HTTP, kubectl among them: the token is in its path. */
  readonly kubectlServer: string;
  stop(): Promise<void>;
}

const SYSTEM_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Starts a sandbox and resolves when it answers. */
export async function startSandbox(options: SandboxOptions): Promise<SandboxCluster> {
  const journal = options.dir === undefined ? undefined : new Journal(options.dir);
  const store = new Store(journal);
  const now = () => new Date();
  const registry = new Registry(store);
  const objects = new Objects(store, now);
  const token = randomBytes(24).toString("base64url");
  const context = { objects, registry, now, later: () => undefined };
  for (const namespace of SYSTEM_NAMESPACES) ensure(context, named("Namespace", namespace), "kube-apiserver");
  ensureNode(context);
  const stopControllers = runControllers(context);
  const server = createApiServer({ objects, registry, token, now });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server's address is of this shape
  return {
    name: options.name,
    server: `http://127.0.0.1:${port}`,
    token,
    kubectlServer: `http://127.0.0.1:${port}/token/${token}`,
    stop: async () => {
      stopControllers();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      journal?.close();
    },
  };
}

function named(kind: string, name: string): KubeObject {
  return { apiVersion: "v1", kind, metadata: { name } };
}
