import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { startServer } from "../../server/start-server.ts";
import { MemoryEngine } from "./memory-engine.ts";
import { serveMemory, TOKEN } from "./serve-memory.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A request with exactly these headers, `host` included, which fetch would not let us choose. */
function ask(
  address: string,
  path: string,
  headers: Record<string, string>,
  method = "GET",
  body = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, address), { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

function codeOf(answer: Answer): unknown {
  return (JSON.parse(answer.body) as { error: { code: string } }).error.code;
}

const authorized = { authorization: `Bearer ${TOKEN}` };

describe("token", () => {
  test.each([
    ["none", {}],
    ["a wrong one", { authorization: "Bearer wrong" }],
    ["a beginning of it", { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ["another scheme", { authorization: `Basic ${TOKEN}` }],
    ["nothing after Bearer", { authorization: "Bearer " }],
  ])("%s is refused on every path but the probes", async (_, headers) => {
    const { server } = await serveMemory();
    for (const path of ["/api/v1/clusters", "/api/v1/events", "/metrics", "/nowhere"]) {
      const answer = await ask(server.address, path, headers as Record<string, string>);
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 401, "unauthorized"]);
    }
    expect((await ask(server.address, "/healthz", {})).status).toBe(200);
    expect((await ask(server.address, "/readyz", {})).status).toBe(200);
  });

  test("the right one opens the API", async () => {
    const { server } = await serveMemory();
    expect((await ask(server.address, "/api/v1/clusters", authorized)).status).toBe(200);
  });
});

describe("host", () => {
  test.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example"])(
    "%j is refused",
    async (host) => {
      const { server } = await serveMemory();
      for (const path of ["/healthz", "/api/v1/clusters"]) {
        const answer = await ask(server.address, path, { ...authorized, host });
        expect([answer.status, codeOf(answer)]).toEqual([421, "host-refused"]);
      }
    },
  );

  test.each(["localhost", "LOCALHOST:1", "127.0.0.1:99", "[::1]:8080"])("%j is let in", async (host) => {
    const { server } = await serveMemory();
    expect((await ask(server.address, "/healthz", { host })).status).toBe(200);
  });

  test("an engine that listens to the network answers to any name, with the token", async () => {
    const engine = new MemoryEngine();
    const log = { error: () => undefined };
    const server = await startServer({ engine, host: "0.0.0.0", port: 0, token: TOKEN, version: "1", log });
    try {
      const address = server.address.replace("0.0.0.0", "127.0.0.1");
      expect((await ask(address, "/api/v1/status", { ...authorized, host: "strata.prod.svc" })).status).toBe(
        200,
      );
      expect((await ask(address, "/api/v1/status", { host: "strata.prod.svc" })).status).toBe(401);
    } finally {
      await server.stop();
    }
  });
});

describe("requests that are no use", () => {
  test("a body that is no JSON, too large, or has a field that nobody knows", async () => {
    const { server, engine } = await serveMemory();
    const post = (body: string) =>
      ask(
        server.address,
        "/api/v1/sync",
        { ...authorized, "content-type": "application/json" },
        "POST",
        body,
      );
    expect([(await post("{")).status, codeOf(await post("{"))]).toEqual([400, "request-invalid"]);
    expect([(await post(`{"clusters": ["${"x".repeat(2_000_000)}"]}`)).status]).toEqual([413]);
    expect([(await post('{"cluster": "dev"}')).status]).toEqual([400]);
    expect(engine.synced).toEqual([]);
  });

  test("an unknown path, an unknown query, an unknown cluster, a filter that cannot be read", async () => {
    const { server } = await serveMemory();
    const get = async (path: string) => {
      const answer = await ask(server.address, path, authorized);
      return [answer.status, codeOf(answer)];
    };
    expect(await get("/api/v1/nothing")).toEqual([404, "route-unknown"]);
    expect(await get("/api/v1/clusters?fliter=x")).toEqual([400, "request-invalid"]);
    expect(await get("/api/v1/clusters/none")).toEqual([404, "cluster-unknown"]);
    expect(await get("/api/v1/clusters?filter=tags%20is")).toEqual([400, "filter-invalid"]);
    expect(await get("/api/v1/clusters?filter=name%20is%20a&filter=b")).toEqual([400, "request-invalid"]);
    expect(await get(`/api/v1/clusters?filter=${"(".repeat(4_000)}`)).toEqual([400, "filter-invalid"]);
    expect(await get("/api/v1/clusters/%E0%A4%A")).toEqual([400, "request-invalid"]);
  });

  test("a body that is not compressed as it says, and the head of an event stream", async () => {
    const { server, engine } = await serveMemory();
    const headers = { ...authorized, "content-type": "application/json", "content-encoding": "gzip" };
    const answer = await ask(server.address, "/api/v1/sync", headers, "POST", "{}");
    expect([answer.status, codeOf(answer)]).toEqual([400, "request-invalid"]);
    expect((await ask(server.address, "/api/v1/events", authorized, "HEAD")).status).toBe(200);
    expect(engine.events.listeners).toBe(1);
  });

  test("a failure of the engine is told to its log and not to the client", async () => {
    const { engine, server, logged } = await serveMemory();
    engine.head = () => {
      throw new TypeError("the password is hunter2");
    };
    const answer = await ask(server.address, "/api/v1/status", authorized);
    expect([answer.status, codeOf(answer)]).toEqual([500, "internal"]);
    expect(answer.body).not.toContain("hunter2");
    expect(logged.join()).toContain("hunter2");
  });

  test("a port that is taken says so", async () => {
    const { server, engine } = await serveMemory();
    const port = Number(new URL(server.address).port);
    const second = startServer({
      engine,
      host: "127.0.0.1",
      port,
      token: TOKEN,
      version: "1",
      log: { error: () => undefined },
    });
    await expect(second).rejects.toMatchObject({ code: "listen-failed" });
  });
});

test("answers carry protective headers and are not kept in caches", async () => {
  const { server } = await serveMemory();
  const { headers } = await ask(server.address, "/api/v1/clusters", authorized);
  expect(headers).toMatchObject({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  expect(headers).not.toHaveProperty("x-powered-by");
});

test("metrics count clusters, events and requests by route", async () => {
  const { engine, server } = await serveMemory();
  engine.add("dev", "healthy");
  engine.add("prod", "degraded");
  engine.events.add({ type: "commit", message: "a commit" });
  await ask(server.address, "/api/v1/clusters/dev", authorized);
  await ask(server.address, "/some/unknown/path", authorized);
  const { body } = await ask(server.address, "/metrics", authorized);
  expect(body).toContain('strata_clusters{health="degraded"} 1');
  expect(body).toContain('strata_events_total{type="commit"} 1');
  expect(body).toMatch(
    /duration_seconds_count\{method="GET",route="\/api\/v1\/clusters\/:name",status="200"\} 1/,
  );
  expect(body).not.toContain("/some/unknown/path");
});
