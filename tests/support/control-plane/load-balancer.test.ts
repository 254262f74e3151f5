import fc from "fast-check";
import { expect, test } from "vitest";
import { assignAddresses } from "./load-balancer.ts";

function service(name: string, ip?: string, type = "LoadBalancer") {
  const ingress = ip === undefined ? [] : [{ ip }];
  return { metadata: { namespace: "web", name }, spec: { type }, status: { loadBalancer: { ingress } } };
}

test("only Services of type LoadBalancer without an address get one", () => {
  const others = [
    service("has", "203.0.113.7"),
    service("inner", undefined, "ClusterIP"),
    { ...service("elsewhere"), spec: { type: "LoadBalancer", loadBalancerClass: "vendor/other" } },
  ];
  expect(assignAddresses("dev-1", [...others, service("web")])).toEqual([
    { namespace: "web", name: "web", ip: expect.stringMatching(/^203\.0\.113\.\d+$/) },
  ]);
});

test("no address is given twice, and with all given, nobody gets one", () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 300 });
  fc.assert(
    fc.property(names, fc.nat({ max: 300 }), (all, given) => {
      const first = assignAddresses(
        "dev-1",
        all.slice(0, given).map((name) => service(name)),
      );
      const held = first.map(({ name, ip }) => service(name, ip));
      const rest = assignAddresses("dev-1", [...held, ...all.slice(given).map((name) => service(name))]);
      const ips = [...first, ...rest].map(({ ip }) => ip);
      expect(new Set(ips).size).toBe(Math.min(all.length, 254));
      expect(ips.every((ip) => /^203\.0\.113\.([1-9]|\d\d|1\d\d|2[0-4]\d|25[0-4])$/.test(ip))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("the same Service of the same cluster has the same address again", () => {
  const [first] = assignAddresses("dev-1", [service("web")]);
  expect(assignAddresses("dev-1", [service("web")])).toEqual([first]);
  const elsewhere = ["dev-2", "dev-3", "dev-4"].map(
    (cluster) => assignAddresses(cluster, [service("web")])[0]?.ip,
  );
  expect(new Set([...elsewhere, first?.ip]).size).toBeGreaterThan(1);
});
