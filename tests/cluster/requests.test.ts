import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import { failureKind } from "../../engine/cluster/failure-kind.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import {
  type Answer,
  failure,
  sendJson,
  type ScriptedServer,
  startScriptedServer,
} from "./scripted-server.ts";
import { CONFIG_MAPS, configMap, FAST } from "./watch-script.ts";

const never = new AbortController().signal;
const ref = { namespace: "ns", name: "a" };
let server: ScriptedServer | undefined;
let opened: KubeApi | undefined;

afterEach(async () => {
  await opened?.close();
  await server?.close();
});

async function connected(answer: Answer, timing = FAST): Promise<KubeApi> {
  server = await startScriptedServer(answer);
  opened = connectServer({ server: server.url, token: "t0ken" }, timing);
  return opened;
}

test("apply sends one forced, strict server-side apply and tells a new object by its 201", async () => {
  let status = 201;
  let seen: unknown;
  const api = await connected((request, response) => {
    seen = [
      request.method,
      request.headers["content-type"],
      request.headers.authorization,
      JSON.parse(request.body),
    ];
    sendJson(response, configMap("a", "7"), status);
  });
  const object = configMap("a", "");
  expect(await api.apply(CONFIG_MAPS, object, { force: true }, never)).toEqual({
    object: configMap("a", "7"),
    created: true,
  });
  expect(seen).toEqual(["PATCH", "application/apply-patch+yaml", "Bearer t0ken", object]);
  status = 200;
  expect(await api.apply(CONFIG_MAPS, object, { force: false, dryRun: true }, never)).toMatchObject({
    created: false,
  });
  expect(server?.paths).toEqual([
    "/api/v1/namespaces/ns/configmaps/a?fieldManager=strata&fieldValidation=Strict&force=true",
    "/api/v1/namespaces/ns/configmaps/a?fieldManager=strata&fieldValidation=Strict&force=false&dryRun=All",
  ]);
  expect(api.requests).toBe(2);
});

test("delete carries its preconditions, and 404 of the object means absent", async () => {
  let body: unknown;
  const api = await connected((request, response) => {
    body = JSON.parse(request.body);
    sendJson(response, failure(404, "NotFound", 'configmaps "a" not found', { name: "a" }), 404);
  });
  const options = { uid: "u", resourceVersion: "5", propagationPolicy: "Background" } as const;
  expect(await api.delete(CONFIG_MAPS, ref, options, never)).toBe("absent");
  expect(body).toEqual({
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: "Background",
    preconditions: { uid: "u", resourceVersion: "5" },
  });
});

test("get tells a missing object from a missing kind", async () => {
  let served = true;
  const api = await connected((_request, response) => {
    if (served) sendJson(response, failure(404, "NotFound", 'configmaps "a" not found', { name: "a" }), 404);
    else response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found\n");
  });
  expect(await api.get(CONFIG_MAPS, ref, never)).toBeUndefined();
  served = false;
  await expect(api.get(CONFIG_MAPS, ref, never)).rejects.toMatchObject({
    code: "api-404",
    place: { object: "ConfigMap ns/a" },
  });
});

test.each([429, 503])("a read waits as %i asks and comes again; a write is told at once", async (status) => {
  let refuse = 2;
  const api = await connected((_request, response) => {
    refuse -= 1;
    if (refuse < 0) sendJson(response, configMap("a", "7"));
    else sendJson(response, failure(status, "TooManyRequests", "slow down"), status, { "retry-after": "0" });
  });
  expect(await api.get(CONFIG_MAPS, ref, never)).toEqual(configMap("a", "7"));
  expect(server?.paths.length).toBe(3);
  refuse = 1;
  const refused = api.apply(CONFIG_MAPS, configMap("a", ""), { force: true }, never);
  await expect(refused).rejects.toMatchObject({ status, retryAfterSeconds: 0 });
  expect(server?.paths.length).toBe(4);
});

test("a server that keeps saying 429 is believed after a few times", async () => {
  const api = await connected((_request, response) =>
    sendJson(response, failure(429, "TooManyRequests", "slow down"), 429, { "retry-after": "0" }),
  );
  await expect(api.get(CONFIG_MAPS, ref, never)).rejects.toMatchObject({ code: "api-429" });
  expect(server?.paths.length).toBe(4);
});

test("a list that expires between two pages starts anew", async () => {
  let expired = false;
  const api = await connected((request, response) => {
    if (!(request.url ?? "").includes("continue=")) {
      const metadata = { resourceVersion: "9", continue: "next" };
      sendJson(response, { metadata, items: [{ metadata: { name: "a" } }] });
    } else if (expired) {
      sendJson(response, { metadata: { resourceVersion: "9" }, items: [{ metadata: { name: "b" } }] });
    } else {
      expired = true;
      sendJson(response, failure(410, "Expired", "the provided continue parameter is too old"), 410);
    }
  });
  const { items, resourceVersion } = await api.list(CONFIG_MAPS, {}, never);
  expect(items.map((item) => [item.apiVersion, item.kind, item.metadata.name])).toEqual([
    ["v1", "ConfigMap", "a"],
    ["v1", "ConfigMap", "b"],
  ]);
  expect(resourceVersion).toBe("9");
});

test("an answer that does not come is unreachable after the deadline; an abort is the caller's own reason", async () => {
  const api = await connected(() => {}, { ...FAST, requestMs: 200 });
  const late: unknown = await api.get(CONFIG_MAPS, ref, never).catch((error: unknown) => error);
  expect(late).toMatchObject({ code: "cluster-unreachable", retryable: true });
  expect(String(late)).toContain("no answer within 0.2 s");
  const controller = new AbortController();
  const mine = new Error("superseded");
  const aborted = api.get(CONFIG_MAPS, ref, controller.signal);
  controller.abort(mine);
  await expect(aborted).rejects.toBe(mine);
  await expect(api.get(CONFIG_MAPS, ref, controller.signal)).rejects.toBe(mine);
});

test("no server at all is unreachable, with its address and the network's word", async () => {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  const port = typeof address === "object" ? address?.port : 0;
  await new Promise((resolve) => listener.close(resolve));
  const api = connectServer({ server: `http://127.0.0.1:${port}` }, FAST);
  opened = api;
  const error: unknown = await api.get(CONFIG_MAPS, ref, never).catch((thrown: unknown) => thrown);
  expect(failureKind(error)).toBe("unreachable");
  expect(String(error)).toContain(`http://127.0.0.1:${port}`);
  expect(String(error)).toContain("ECONNREFUSED");
});

test("what is under way when the connection is closed ends with an error", async () => {
  const api = await connected(() => {});
  const pending = api.get(CONFIG_MAPS, ref, never);
  await api.close();
  await expect(pending).rejects.toMatchObject({ code: "cluster-closed" });
  await expect(api.get(CONFIG_MAPS, ref, never)).rejects.toMatchObject({ code: "cluster-closed" });
});

test.each(["{}", "[]", "", '{"metadata":{}', "<html>Sign in</html>", '{"kind":"Status","metadata":{}}'])(
  "an answer of %j is no object and no empty list: the cluster was not reached",
  async (body) => {
    const api = await connected((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(body);
    });
    for (const asked of [
      api.get(CONFIG_MAPS, ref, never),
      api.list(CONFIG_MAPS, {}, never),
      api.apply(CONFIG_MAPS, configMap("a", ""), { force: true }, never),
    ]) {
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "cluster-unreachable" });
      expect(failureKind(error)).toBe("unreachable");
    }
  },
);
