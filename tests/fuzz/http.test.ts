import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { EVENTS_PATH, METRICS_PATH, type Route, ROUTES } from "../../api/routes.ts";
import { createCluster } from "../../engine/actions/index.ts";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import { Engine } from "../../engine/sync/engine.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { startServer } from "../../server/start-server.ts";
import { freshRepository, V1 } from "../repo/fixture.ts";
import { signal } from "../support/temp-git.ts";
import { hostileText } from "./hostile-text.ts";
import { type RawAnswer, sendRaw } from "./raw-http.ts";
import { expectKnown } from "./survives.ts";

const TOKEN = "a-token-for-tests";
const own = Reflect.ownKeys(Object.prototype).length;
const GOOD = `GET /api/v1/clusters HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\nauthorization: Bearer ${TOKEN}\r\n\r\n`;

/** An engine of a repository and a sandbox behind a server; what it logs as an error. */
async function serveEngine() {
  const { repo } = await freshRepository();
  await createCluster(
    repo,
    { name: "dev", connection: { sandbox: true }, profiles: [V1], tags: [] },
    { signal: signal() },
  );
  const sandbox = await startSandbox({ name: "dev" });
  onTestFinished(() => sandbox.stop());
  const engine = new Engine({
    id: "fuzz",
    repo,
    connect: async () => connectServer({ server: sandbox.server, token: sandbox.token }),
    log: { warn: () => undefined },
    interval: 600_000,
  });
  onTestFinished(() => engine.close());
  await engine.start();
  await engine.sync(undefined, signal());
  const logged: string[] = [];
  const log = { error: (facts: Readonly<Record<string, unknown>>) => void logged.push(String(facts.err)) };
  const server = await startServer({
    engine,
    host: "127.0.0.1",
    port: 0,
    token: TOKEN,
    version: "1.2.3",
    log,
  });
  onTestFinished(() => server.stop());
  return { address: server.address, logged };
}

const text = hostileText([
  "tags is service:web",
  "dev",
  "%2e%2e%2f",
  "%E0%A4%A",
  "__proto__",
  "a=b&__proto__[x]=1",
]);
const short = text.map((one) => one.slice(0, 2_000));
const encoded = fc.oneof(
  fc.constantFrom(
    "dev",
    "__proto__",
    "constructor",
    "%2e%2e",
    "..",
    "%00",
    "%E0%A4%A",
    "%",
    "dev%2fdiff",
    "x".repeat(64),
  ),
  short.map((one) => encodeURIComponent(one.toWellFormed())),
  short.map((one) => one.replaceAll(/[\s\0]/g, "+")),
);
const PATHS = [
  ...Object.values(ROUTES).map(({ path }: Route) => path),
  EVENTS_PATH,
  METRICS_PATH,
  "/",
  "//",
  "/api/v1/../../x",
];
const path = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...PATHS) }, { weight: 1, arbitrary: encoded }),
    encoded,
  )
  .map(([one, name]) => one.replace(":name", name));
const query = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom("filter", "namespace", "dryRun", "after", "__proto__", "a[b]"), encoded),
      encoded,
    ),
    {
      maxLength: 3,
    },
  )
  .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map(([key, value]) => `${key}=${value}`).join("&")}`));
const header = fc.tuple(
  fc.constantFrom(
    "accept",
    "content-type",
    "content-encoding",
    "last-event-id",
    "x-forwarded-host",
    "expect",
    "upgrade",
    "cookie",
    "range",
  ),
  fc.oneof(
    fc.constantFrom(
      "application/json",
      "application/json; charset=x",
      "gzip",
      "identity",
      "100-continue",
      "h2c",
      "9".repeat(20),
      "-1",
    ),
    short.map((one) => one.replaceAll(/[^ -~]/g, "")),
  ),
);
const body = fc.oneof(
  fc.constant(""),
  fc.constantFrom(
    '{"clusters":["dev"]}',
    '{"clusters":["nope"]}',
    "null",
    "[]",
    '"x"',
    '{"__proto__":{"x":1}}',
    '{"clusters":{"length":1e9}}',
  ),
  fc.json(),
  short,
  fc.constantFrom(2_000, 1_100_000).map((length) => `{"clusters":["${"x".repeat(length)}"]}`),
);
const request = fc.record({
  method: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom("GET", "POST") },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "HEAD",
        "PUT",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "PATCH",
        "PROPFIND",
        "get",
        "X",
      ),
    },
  ),
  path,
  query,
  headers: fc.array(header, { maxLength: 3 }),
  authorized: fc.boolean().map((yes) => yes || undefined),
  body,
  /** How the body is announced; `short` promises more than comes. */
  framing: fc.constantFrom("length", "length", "length", "chunked", "none", "short"),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

function bytesOf({
  method,
  path: to,
  query: asked,
  headers,
  authorized,
  body: sent,
  framing,
}: Request): Buffer {
  const data = Buffer.from(sent.toWellFormed());
  const size = framing === "short" ? data.length + 10 : data.length;
  const announced = {
    length: `content-length: ${size}\r\n`,
    short: `content-length: ${size}\r\n`,
    chunked: "transfer-encoding: chunked\r\n",
    none: "",
  }[framing];
  const chunk =
    data.length === 0
      ? "0\r\n\r\n"
      : `${data.length.toString(16)}\r\n${data.toString("latin1")}\r\n0\r\n\r\n`;
  const head = [
    `${method} ${to}${asked} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n`,
    authorized === true ? `authorization: Bearer ${TOKEN}\r\n` : "",
    sent.startsWith("{") ? "content-type: application/json\r\n" : "",
    ...headers.map(([name, value]) => `${name}: ${value}\r\n`),
    `${announced}\r\n`,
  ].join("");
  const rest =
    framing === "chunked" ? Buffer.from(chunk, "latin1") : framing === "none" ? Buffer.alloc(0) : data;
  return Buffer.concat([Buffer.from(head, "latin1"), rest]);
}

function expectSound(answer: RawAnswer | undefined, method: string): void {
  if (answer === undefined) return;
  expect(answer.status).toBeLessThan(500);
  // What Node itself refuses has an empty body, and an answer to HEAD has none.
  if (answer.status < 400 || ["", "0\r\n\r\n"].includes(answer.body) || method === "HEAD") return;
  const { error } = JSON.parse(answer.body) as { error: { code: string; message: string } };
  expectKnown(error);
}

test("no request breaks the server: it answers or refuses, and the next is answered", {
  timeout: 300_000,
}, async () => {
  const { address, logged } = await serveEngine();
  await fc.assert(
    fc.asyncProperty(request, async (asked) => {
      const answer = await sendRaw(address, bytesOf(asked), { leaves: asked.framing === "short" });
      expectSound(answer, asked.method);
      expect(Reflect.ownKeys(Object.prototype)).toHaveLength(own);
      expect(logged.splice(0)).toEqual([]);
    }),
    { numRuns: 800, endOnFailure: true },
  );
  expect(await sendRaw(address, Buffer.from(GOOD), { leaves: false })).toMatchObject({ status: 200 });
});

test("bytes that are no HTTP at all are refused or dropped", { timeout: 300_000 }, async () => {
  const { address, logged } = await serveEngine();
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    hostileText([GOOD, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]).map((one) => Buffer.from(one.toWellFormed())),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      expectSound(await sendRaw(address, sent, { leaves: true }), "HEAD");
      expect(logged.splice(0)).toEqual([]);
    }),
    { numRuns: 300, endOnFailure: true },
  );
  expect(await sendRaw(address, Buffer.from(GOOD), { leaves: false })).toMatchObject({ status: 200 });
});
