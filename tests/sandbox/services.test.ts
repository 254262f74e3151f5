import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { kubectlOn } from "./kubectl-on.ts";

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: services }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: web, image: example.com/web:1, ports: [{ name: http, containerPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: services, labels: { tier: front } }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80, targetPort: http }] }
`;

const balanced = (name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: services }\nspec: { type: LoadBalancer, ports: [{ port: 80 }] }\n`;

describe.each(clusterTargets())("services on $name", ({ start }) => {
  let target: Target;
  let kubectl: (line: string, stdin?: string) => Promise<string>;
  const POLL = { timeout: 30_000, interval: 100 };
  const slices = async () =>
    kubectl(
      "get endpointslices -n services -l kubernetes.io/service-name=web -o jsonpath={.items[0].ports[0].port}:{.items[0].endpoints[*].conditions.ready}",
    );

  beforeAll(async () => {
    target = await start(1);
    kubectl = kubectlOn(target);
    await kubectl("create namespace services");
  }, 600_000);
  afterAll(async () => {
    await target.clusters[0]?.wipe();
    await target.stop();
  });

  test("endpoints follow the Pods, at the number of a named port, with the labels of the Service", async () => {
    await kubectl("apply --server-side -f -", WEB);
    await vi.waitFor(async () => expect(await slices()).toBe("8080:true true"), POLL);
    await kubectl("scale -n services deployment/web --replicas=1");
    await vi.waitFor(async () => expect(await slices()).toBe("8080:true"), POLL);
    const labelled = "get endpoints,endpointslices -n services -l tier=front -o name";
    await vi.waitFor(async () => expect((await kubectl(labelled)).trim().split("\n")).toHaveLength(2), POLL);
    await kubectl("label service web -n services tier-");
    await vi.waitFor(async () => expect(await kubectl(labelled)).toBe(""), POLL);
    await kubectl("delete service web -n services");
    const left = "get endpoints,endpointslices -n services -o name";
    await vi.waitFor(async () => expect(await kubectl(left)).toBe(""), POLL);
  });

  test("every load balancer has its own address and port, and loses the address with its type", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `lb-${index}`);
    await kubectl("apply --server-side -f -", names.map(balanced).join("---\n"));
    const addresses = "get services -n services -o jsonpath={.items[*].status.loadBalancer.ingress[0].ip}";
    await vi.waitFor(
      async () => expect((await kubectl(addresses)).split(" ")).toHaveLength(names.length),
      POLL,
    );
    expect(new Set((await kubectl(addresses)).split(" ")).size).toBe(names.length);
    for (const field of ["clusterIP", "ports[0].nodePort"]) {
      const given = await kubectl(`get services -n services -o jsonpath={.items[*].spec.${field}}`);
      expect(new Set(given.split(" ")).size).toBe(names.length);
    }
    await kubectl('patch service lb-0 -n services -p {"spec":{"type":"ClusterIP"}}');
    await vi.waitFor(
      async () => expect(await kubectl(addresses)).toSatisfy((text: string) => text.split(" ").length === 19),
      POLL,
    );
    const ports = "get service lb-0 -n services -o jsonpath={.spec.ports[*].nodePort}";
    expect(await kubectl(ports)).toBe("");
  });
});
