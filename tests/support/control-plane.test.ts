import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterTargets, realTargets, type Target, type TargetCluster } from "./cluster-targets.ts";

const NAMESPACE = `control-plane-test-${Math.random().toString(36).slice(2, 8)}`;

const WEB = `apiVersion: v1
kind: Namespace
metadata: { name: ${NAMESPACE} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: ${NAMESPACE} }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "registry.test/web:1" }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: ${NAMESPACE} }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 8080 }] }
`;

describe.each(clusterTargets())("on $name", (kind) => {
  let target: Target;
  beforeAll(async () => {
    target = await kind.start(2);
  }, 600_000);
  afterAll(async () => {
    for (const cluster of target.clusters)
      await ok(cluster, "delete", "namespace", NAMESPACE, "--ignore-not-found");
    await target.stop();
  });

  test("the clusters are two", async () => {
    const uids = await Promise.all(
      target.clusters.map((cluster) =>
        ok(cluster, "get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}"),
      ),
    );
    expect(uids[0]).toMatch(/^[\da-f-]{36}$/);
    expect(uids[1]).toMatch(/^[\da-f-]{36}$/);
    expect(uids[0]).not.toBe(uids[1]);
  });

  test("on each, what kubectl applies becomes available and reachable", async () => {
    for (const cluster of target.clusters) {
      const applied = await cluster.kubectl(["apply", "--server-side", "-f", "-"], { stdin: WEB });
      expect(applied).toMatchObject({ code: 0, stderr: "" });
      expect(applied.stdout.trim().split("\n")).toEqual([
        `namespace/${NAMESPACE} serverside-applied`,
        "deployment.apps/web serverside-applied",
        "service/web serverside-applied",
      ]);
      const within = ["-n", NAMESPACE, "--timeout=60s"];
      await ok(cluster, "wait", "--for=condition=Available", "deployment/web", ...within);
      await ok(
        cluster,
        "wait",
        "--for=jsonpath={.status.loadBalancer.ingress[0].ip}",
        "service/web",
        ...within,
      );
      const pods = await ok(
        cluster,
        "get",
        "pods",
        "-n",
        NAMESPACE,
        "-o",
        "jsonpath={.items[*].status.phase}",
      );
      expect(pods).toBe("Running Running");
    }
  });
});

test.each(realTargets())("a real API server says which it is", async ({ start }) => {
  const target = await start(1);
  try {
    const cluster = target.clusters[0];
    if (cluster === undefined) throw new Error("there is no cluster");
    expect(await ok(cluster, "get", "--raw", "/version")).toContain('"gitVersion": "v1.36.3"');
  } finally {
    await target.stop();
  }
});

/** Standard output of kubectl, which must end with 0. */
async function ok(cluster: TargetCluster, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cluster.kubectl(args);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${code}: ${stderr}`);
  return stdout;
}
