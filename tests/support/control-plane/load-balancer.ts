import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { ApiServer } from "./api-server.ts";

const Services = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(
    z.object({
      metadata: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }),
      spec: z.object({ type: z.string().optional() }),
      status: z
        .object({ loadBalancer: z.object({ ingress: z.array(z.unknown()).optional() }).optional() })
        .optional(),
    }),
  ),
});

/**
 * Gives every Service of type LoadBalancer an address, as a cloud does, until `signal` ends it.
 * Addresses are of 203.0.113.0/24, which is set apart for documentation (RFC 5737).
 */
export async function runLoadBalancer(api: ApiServer, signal: AbortSignal): Promise<void> {
  const given = new Map<string, string>();
  while (!signal.aborted) {
    try {
      const list = Services.parse(await api.request("GET", "/api/v1/services", undefined, signal));
      for (const { metadata, spec, status } of list.items) {
        if (spec.type !== "LoadBalancer" || (status?.loadBalancer?.ingress?.length ?? 0) > 0) continue;
        const ip = given.get(metadata.uid) ?? `203.0.113.${(given.size % 250) + 1}`;
        given.set(metadata.uid, ip);
        const path = `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}/status`;
        await api.request("PATCH", path, { status: { loadBalancer: { ingress: [{ ip }] } } }, signal);
      }
      await api.watchOnce(
        `/api/v1/services?watch=1&resourceVersion=${list.metadata.resourceVersion}&timeoutSeconds=30`,
        signal,
      );
    } catch {
      // The server may be restarting: a cloud's controller would try again too.
      if (!signal.aborted) await delay(300, undefined, { signal }).catch(() => undefined);
    }
  }
}
