import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createApiClient } from "../../api/client.ts";
import { type EventFrame, readEventStream } from "../../api/event-stream.ts";
import { serveMemory } from "../server/serve-memory.ts";

const never = new AbortController().signal;

describe("client and server", () => {
  test("filter clusters", async () => {
    const { engine, client } = await serveMemory();
    engine.add("dev", "healthy", { tags: ["team:web"] });
    engine.add("prod", "degraded", { tags: ["team:api"], message: "a layer failed" });
    const call = async (filter?: string) =>
      (await client.call("listClusters", { query: { filter }, signal: never })).map((one) => one.name);
    expect(await call()).toEqual(["dev", "prod"]);
    expect(await call("tags is team:web")).toEqual(["dev"]);
    expect(await call("health is not healthy or name contains de")).toEqual(["dev", "prod"]);
  });

  test("hand a whole view over as it is", async () => {
    const { engine, client } = await serveMemory();
    engine.add("dev", "progressing", {
      message: "a layer is not ready",
      profiles: [
        {
          name: "hello",
          version: "1.0.0",
          revision: null,
          newer: 2,
          updatesAvailable: true,
          layers: [{ name: "web", type: "manifest", state: "applying", message: "1 of 2 ready" }],
        },
      ],
      overrides: [
        {
          profile: "hello",
          layer: "web",
          object: "Deployment.apps a/web",
          path: "spec.replicas",
          value: 3,
          profileValue: 2,
          state: "kept",
        },
      ],
      urls: ["http://10.0.0.1:8080"],
      lastSync: { commit: "c0ffee", startedAt: "2026-11-23T18:00:00Z" },
      blockedBy: [
        {
          code: "lock-missing",
          message: "the lock lacks an entry",
          file: "clusters/dev/strata.lock",
          line: 3,
        },
      ],
    });
    expect(await client.call("getCluster", { params: { name: "dev" }, signal: never })).toEqual(
      engine.cluster("dev"),
    );
  });

  test("list workloads of a namespace, and tell readiness, also when there is none", async () => {
    const { engine, client } = await serveMemory();
    engine.add("dev");
    const workloads = await client.call("listWorkloads", {
      params: { name: "dev" },
      query: { namespace: "b" },
      signal: never,
    });
    expect(workloads.map((one) => one.namespace)).toEqual(["b"]);
    expect(await client.call("readiness", { signal: never })).toEqual({ ready: true, problems: [] });
    engine.isReady = false;
    expect(await client.call("readiness", { signal: never })).toMatchObject({
      ready: false,
      problems: [{ code: "starting" }],
    });
    expect(await client.call("getStatus", { signal: never })).toMatchObject({
      version: "1.2.3",
      ready: false,
      clusters: { healthy: 1, unknown: 0 },
    });
  });

  test("sync the clusters asked for, all without a list", async () => {
    const { engine, client } = await serveMemory();
    engine.add("dev");
    engine.add("prod");
    expect(await client.call("sync", { body: { clusters: ["dev"] }, signal: never })).toHaveLength(1);
    expect(await client.call("sync", { signal: never })).toHaveLength(2);
    expect(engine.synced).toEqual([["dev"], undefined]);
    const unknown = client.call("sync", { body: { clusters: ["none"] }, signal: never });
    await expect(unknown).rejects.toMatchObject({ code: "cluster-unknown" });
  });

  test("a name cannot leave its place in the path", async () => {
    const { client } = await serveMemory();
    for (const name of ["../status", "a/b", "a?b", "%2e%2e"]) {
      await expect(client.call("getCluster", { params: { name }, signal: never })).rejects.toMatchObject({
        code: "cluster-unknown",
      });
    }
  });

  test("a caller that gives up gets its own reason, and the engine stops waiting", async () => {
    const { engine, client } = await serveMemory();
    engine.syncGate = new Promise(() => undefined);
    const stop = new AbortController();
    const call = client.call("sync", { signal: stop.signal });
    await expect.poll(() => engine.synced.length).toBe(1);
    stop.abort(new Error("the user left"));
    await expect(call).rejects.toThrow("the user left");
  });

  test("no answer in time, and nobody there, are an engine that cannot be reached", async () => {
    const { engine, client } = await serveMemory();
    engine.syncGate = new Promise(() => undefined);
    await expect(client.call("sync", { signal: never, timeout: 50 })).rejects.toMatchObject({
      code: "engine-unreachable",
      retryable: true,
    });
    const nobody = createApiClient({ address: "http://127.0.0.1:1", token: "x" });
    await expect(nobody.call("health", { signal: never })).rejects.toMatchObject({
      code: "engine-unreachable",
    });
    await nobody.close();
  });

  test("a request whose connection closes before anything comes back is sent again, once", async () => {
    let requests = 0;
    let closes = 1;
    const server = createServer((request, response) => {
      requests += 1;
      if (requests <= closes) request.socket.resetAndDestroy();
      else response.end('{"alive":true}');
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const client = createApiClient({ address: `http://127.0.0.1:${port}`, token: "x" });
    expect(await client.call("health", { signal: never })).toEqual({ alive: true });
    closes = 4;
    await expect(client.call("health", { signal: never })).rejects.toMatchObject({
      code: "engine-unreachable",
    });
    expect(requests).toBe(4);
    await client.close();
    server.close();
  });
});

describe("event frames", () => {
  const frames = async (chunks: readonly Uint8Array[]) => {
    const found: EventFrame[] = [];
    for await (const frame of readEventStream(Readable.from(chunks))) found.push(frame);
    return found;
  };

  test("are the same however the bytes are cut", async () => {
    const bytes = new TextEncoder().encode(
      ': hello\n\nid: 1\ndata: {"message":"größe ✔"}\n\nid: 2\n\ndata: a\ndata: b\n\n',
    );
    const whole = [
      { id: "1", data: '{"message":"größe ✔"}' },
      { id: "2", data: undefined },
      { id: undefined, data: "a\nb" },
    ];
    const cuts = fc.array(fc.nat(bytes.length), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(cuts, async (points) => {
        const edges = [0, ...points.toSorted((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
        expect(await frames(chunks)).toEqual(whole);
      }),
    );
  });

  test("a frame without its end is not handed out", async () => {
    expect(await frames([new TextEncoder().encode("id: 1\ndata: cut")])).toEqual([]);
  });
});
