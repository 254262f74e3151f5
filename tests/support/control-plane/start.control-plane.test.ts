import { access, stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readBaseline, wipeCluster } from "../wipe-cluster.ts";
import { type ApiServer, apiServer } from "./api-server.ts";
import { ensureBinaries } from "./binaries.ts";
import type { ControlPlaneCluster } from "./cluster.ts";
import { readAccess } from "./kubeconfig.ts";
import { type ControlPlane, startControlPlane } from "./start.ts";

const signal = AbortSignal.timeout(300_000);
const quiet = { environment: process.env, say: () => undefined, signal };

describe("a control plane of its own", () => {
  let plane: ControlPlane;
  let cluster: ControlPlaneCluster;
  let api: ApiServer;
  beforeAll(async () => {
    plane = await startControlPlane({ ...quiet, clusters: 1, binaries: await ensureBinaries(quiet) });
    const [first] = plane.clusters;
    if (first === undefined) throw new Error("there is no cluster");
    cluster = first;
    api = apiServer(cluster);
  });
  afterAll(async () => {
    await api.close();
    await plane.stop();
    await expect(access(plane.kubeconfig)).rejects.toThrow("ENOENT");
  });

  test("only its owner reads the kubeconfig, which says how to reach it", async () => {
    expect((await stat(plane.kubeconfig)).mode & 0o777).toBe(0o600);
    const { name, server, token, ca } = cluster;
    expect(await readAccess(plane.kubeconfig)).toEqual([{ name, server, token, ca }]);
  });

  test("an API server that is killed keeps its objects and comes back where it was", async () => {
    await api.send("POST", "/api/v1/namespaces", { metadata: { name: "kept" } }, signal);
    await cluster.stopApiServer("SIGKILL");
    await expect(api.get("/readyz", signal)).rejects.toThrow("ECONNREFUSED");
    await cluster.startApiServer();
    expect(await api.get("/api/v1/namespaces/kept", signal)).toMatchObject({ metadata: { name: "kept" } });
    await api.send("POST", "/api/v1/namespaces/kept/services", loadBalanced("after"), signal);
    await expect
      .poll(() => api.get("/api/v1/namespaces/kept/services/after", signal), { timeout: 60_000 })
      .toMatchObject({ status: { loadBalancer: { ingress: [{ ip: expect.any(String) }] } } });
  });

  test("a wipe takes what came after the baseline, also what finalizers hold, and leaves the rest", async () => {
    await api.send("POST", "/api/v1/namespaces", { metadata: { name: "before" } }, signal);
    await expect
      .poll(async () => JSON.stringify(await api.get("/api/v1/namespaces/before/configmaps", signal)))
      .toContain("kube-root-ca.crt");
    const baseline = await readBaseline(api, signal);
    const held = { metadata: { name: "held", finalizers: ["strata.test/nobody"] } };
    await api.send("POST", "/api/v1/namespaces", { metadata: { name: "later" } }, signal);
    await api.send("POST", "/api/v1/namespaces/later/configmaps", held, signal);
    await api.send("POST", "/api/v1/namespaces/before/configmaps", held, signal);
    await api.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", widgets(), signal);
    await wipeCluster(api, baseline, signal);
    expect(new Set(await readBaseline(api, signal))).toEqual(baseline);
    expect(await api.get("/api/v1/namespaces/before", signal)).toMatchObject({ status: { phase: "Active" } });
    await expect(api.get("/api/v1/namespaces/later", signal)).rejects.toThrow("404");
  });
});

function loadBalanced(name: string): unknown {
  return { metadata: { name }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } };
}

function widgets(): unknown {
  const schema = { openAPIV3Schema: { type: "object" } };
  return {
    metadata: { name: "widgets.strata.test" },
    spec: {
      group: "strata.test",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget" },
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
}
