import { expect, test } from "vitest";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { ServiceAddresses } from "../../sandbox/api/service-addresses.ts";
import { Store } from "../../sandbox/store/store.ts";

const service = (name: string, fields: object = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default", uid: `uid-${name}` },
  ...fields,
});

test("more load balancers than the first range has still have an address each", () => {
  const store = new Store(undefined);
  const addresses = new ServiceAddresses(store);
  const given = Array.from({ length: 400 }, (_, index) => {
    const ip = addresses.balancer(service(`s${index}`)) ?? "";
    store.put("/services", service(`s${index}`, { status: { loadBalancer: { ingress: [{ ip }] } } }));
    return ip;
  });
  expect(new Set(given).size).toBe(400);
  expect(given.filter((ip) => ip.startsWith("198.51.100."))).toHaveLength(250);
  expect(given.every((ip) => /^198\.(51\.100|18\.\d+)\.\d+$/.test(ip))).toBe(true);
});

test("when all node ports are taken the next is refused, and what a Service had it keeps", () => {
  const store = new Store(undefined);
  const addresses = new ServiceAddresses(store);
  const all = Array.from({ length: 2768 }, (_, index) => ({
    port: index + 1,
    protocol: "TCP",
    nodePort: 30_000 + index,
  }));
  store.put("/services", service("greedy", { spec: { ports: all } }));
  expect(() => addresses.nodePort(service("late"), { port: 80, protocol: "TCP" }, [])).toThrow(
    /range is full/,
  );
  expect(addresses.nodePort(service("greedy"), { port: 7, protocol: "TCP" }, [])).toBe(30_006);
});
