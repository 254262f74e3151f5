import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { ApiServer } from "./api-server.ts";

const Service = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string() }),
  spec: z.object({ type: z.string().optional(), loadBalancerClass: z.string().optional() }),
  status: z.object({
    loadBalancer: z.object({ ingress: z.array(z.object({ ip: z.string().optional() })).optional() }),
  }),
});
const Services = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(Service),
});
type Service = z.infer<typeof Service>;

/** An address for a Service that has none. */
export interface Assignment {
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
}

/**
 * Gives every Service of type LoadBalancer an address, as a cloud does, until `signal` ends it.
 * A Service of a cluster has the same address whenever it is made, unless another one has it already.
 */
export async function runLoadBalancer(cluster: string, api: ApiServer, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const list = Services.parse(await api.get("/api/v1/services", signal));
      for (const { namespace, name, ip } of assignAddresses(cluster, list.items)) {
        const path = `/api/v1/namespaces/${namespace}/services/${name}/status`;
        await api.send("PATCH", path, { status: { loadBalancer: { ingress: [{ ip }] } } }, signal);
      }
      const { resourceVersion } = list.metadata;
      await api.watchOnce(
        `/api/v1/services?watch=1&timeoutSeconds=30&resourceVersion=${resourceVersion}`,
        AbortSignal.any([signal, AbortSignal.timeout(40_000)]),
      );
    } catch {
      // The server may be restarting, or the Service gone: a cloud's controller would try again too
      await delay(300, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Which Services lack an address, and which one each gets: of 203.0.113.0/24, set apart for documentation (RFC 5737). */
export function assignAddresses(cluster: string, services: readonly Service[]): Assignment[] {
  const taken = new Set(services.flatMap(addressesOf));
  const waiting = services.filter(
    (service) =>
      service.spec.type === "LoadBalancer" &&
      service.spec.loadBalancerClass === undefined &&
      addressesOf(service).length === 0,
  );
  return waiting.slice(0, 254 - taken.size).map(({ metadata: { namespace, name } }) => {
    let last = createHash("sha256").update(`${cluster}/${namespace}/${name}`).digest().readUInt16BE() % 254;
    while (taken.has(address(last))) last = (last + 1) % 254;
    taken.add(address(last));
    return { namespace, name, ip: address(last) };
  });
}

function address(last: number): string {
  return `203.0.113.${last + 1}`;
}

function addressesOf({ status }: Service): string[] {
  return (status.loadBalancer.ingress ?? []).map(({ ip }) => ip ?? "a name");
}
