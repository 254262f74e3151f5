import pLimit from "p-limit";
import { Agent } from "undici";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import type { TargetCluster } from "../support/cluster-targets.ts";
import { timed } from "./figures.ts";

const PLURALS: Readonly<Record<string, string>> = {
  Namespace: "namespaces",
  ConfigMap: "configmaps",
  Deployment: "deployments",
  ServiceAccount: "serviceaccounts",
  Service: "services",
  Ingress: "ingresses",
};

/** One server-side apply, ready to be sent. */
export interface ApplyRequest {
  readonly path: string;
  readonly body: string;
}

export function applyRequests(objects: readonly KubeObject[]): ApplyRequest[] {
  return objects.map((object) => ({ path: pathOf(object), body: JSON.stringify(object) }));
}

/** The floor: prepared server-side applies, so many at a time, and nothing else. */
export async function rawApply(
  cluster: Pick<TargetCluster, "server" | "token" | "ca">,
  requests: readonly ApplyRequest[],
  concurrency: number,
): Promise<void> {
  const { server, token, ca } = cluster;
  const agent = new Agent({ connections: concurrency, ...(ca === undefined ? {} : { connect: { ca } }) });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/apply-patch+yaml" };
  const limit = pLimit(concurrency);
  const send = async ({ path, body }: ApplyRequest): Promise<void> => {
    const query = "?fieldManager=floor&force=true&fieldValidation=Strict";
    const answer = await agent.request({
      origin: server,
      path: `${path}${query}`,
      method: "PATCH",
      headers,
      body,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
  };
  try {
    const [namespaces, others] = [requests.filter(isNamespace), requests.filter((one) => !isNamespace(one))];
    for (const request of namespaces) await send(request);
    await Promise.all(others.map((request) => limit(send, request)));
  } finally {
    await agent.destroy();
  }
}

function isNamespace({ path }: ApplyRequest): boolean {
  return /^\/api\/v1\/namespaces\/[^/]+$/.test(path);
}

function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
  const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const inside = typeof metadata.namespace === "string" ? `/namespaces/${metadata.namespace}` : "";
  return `${root}${inside}/${PLURALS[kind] ?? ""}/${metadata.name}`;
}

/** The number of requests at a time with which these requests go into a cluster the fastest. The cluster is wiped after. */
export async function bestConcurrency(
  cluster: TargetCluster,
  requests: readonly ApplyRequest[],
): Promise<number> {
  const tried: { readonly concurrency: number; readonly took: number }[] = [];
  // The first is for the server to warm up
  for (const concurrency of [16, 8, 16, 32, 64]) {
    const took = await timed(() => rawApply(cluster, requests, concurrency));
    tried.push({ concurrency, took });
    await cluster.wipe();
  }
  const best = tried.slice(1).toSorted((a, b) => a.took - b.took)[0];
  if (best === undefined) throw new Error("nothing was tried");
  return best.concurrency;
}
