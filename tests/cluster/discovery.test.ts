import { afterEach, expect, test } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import {
  type Answer,
  failure,
  sendJson,
  type ScriptedServer,
  startScriptedServer,
} from "./scripted-server.ts";
import { FAST } from "./watch-script.ts";

const never = new AbortController().signal;
let server: ScriptedServer | undefined;
let api: KubeApi | undefined;

afterEach(async () => {
  await api?.close();
  await server?.close();
});

interface Version {
  version: string;
  kinds: string[];
  freshness?: string;
}

function group(name: string, ...versions: Version[]): object {
  return {
    metadata: name === "" ? {} : { name },
    versions: versions.map(({ version, kinds, freshness = "Current" }) => ({
      version,
      freshness,
      resources: kinds.map((kind) => ({
        resource: `${kind.toLowerCase()}s`,
        responseKind: { group: name, version, kind },
        scope: kind.startsWith("Cluster") || kind.startsWith("Custom") ? "Cluster" : "Namespaced",
        verbs: ["list", "watch"],
        subresources: [
          { subresource: "scale", responseKind: { group: "autoscaling", version: "v1", kind: "Scale" } },
        ],
      })),
    })),
  };
}

const CORE = group("", { version: "v1", kinds: ["Pod", "Secret"] });
const DEFINERS = group("apiextensions.k8s.io", { version: "v1", kinds: ["CustomResourceDefinition"] });

/** A cluster that serves `named` groups and has CRDs of these names. */
async function cluster(
  named: () => object[],
  crds: () => string[] | number = () => [],
): Promise<KubeApi["discovery"]> {
  const answer: Answer = (request, response) => {
    const path = (request.url ?? "").split("?")[0];
    const accepted = request.headers.accept?.includes("as=APIGroupDiscoveryList");
    if (path === "/api" || path === "/apis") {
      expect(accepted).toBe(true);
      const items = path === "/api" ? [CORE] : [DEFINERS, ...named()];
      const body = { kind: "APIGroupDiscoveryList", items };
      const etag = `"${JSON.stringify(body).length}"`;
      if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
      else sendJson(response, body, 200, { etag });
      return;
    }
    const definitions = crds();
    if (typeof definitions === "number")
      sendJson(response, failure(definitions, "Forbidden", "no"), definitions);
    else sendJson(response, { metadata: {}, items: definitions.map((name) => ({ metadata: { name } })) });
  };
  return start(answer);
}

async function start(answer: Answer): Promise<KubeApi["discovery"]> {
  server = await startScriptedServer(answer);
  api = connectServer({ server: server.url }, FAST);
  return api.discovery;
}

test("resolves a kind at the preferred version, or at the one asked for, in one look", async () => {
  const discovery = await cluster(() => [
    group(
      "example.com",
      { version: "v2", kinds: ["Widget", "ClusterWidget"] },
      { version: "v1", kinds: ["Widget"] },
    ),
  ]);
  const widget = { group: "example.com", kind: "Widget" };
  expect(await discovery.resolve(widget, never)).toEqual({
    state: "served",
    type: {
      group: "example.com",
      version: "v2",
      kind: "Widget",
      plural: "widgets",
      namespaced: true,
      verbs: ["list", "watch"],
    },
  });
  expect(await discovery.resolve({ ...widget, version: "v1" }, never)).toMatchObject({
    type: { version: "v1" },
  });
  expect(await discovery.resolve({ ...widget, kind: "ClusterWidget" }, never)).toMatchObject({
    type: { namespaced: false },
  });
  expect(await discovery.resolve({ group: "", kind: "Pod" }, never)).toMatchObject({
    type: { plural: "pods" },
  });
  expect(await discovery.resolve({ ...widget, version: "v1beta1" }, never)).toEqual({
    state: "version-gone",
    servedVersions: ["v2", "v1"],
  });
  expect(server?.paths).toEqual(["/api", "/apis"]);
});

test("a kind is gone when its group is current without it", async () => {
  const discovery = await cluster(() => [group("example.com", { version: "v1", kinds: ["Widget"] })]);
  expect(await discovery.resolve({ group: "example.com", kind: "Gadget" }, never)).toEqual({ state: "gone" });
  expect(await discovery.resolve({ group: "", kind: "Gadget" }, never)).toEqual({ state: "gone" });
});

test("stale discovery proves nothing, but what it shows is served", async () => {
  const discovery = await cluster(() => [
    group(
      "example.com",
      { version: "v1", kinds: ["Widget"] },
      { version: "v2", kinds: [], freshness: "Stale" },
    ),
  ]);
  expect(await discovery.resolve({ group: "example.com", kind: "Gadget" }, never)).toMatchObject({
    state: "unknown",
    reason: expect.stringContaining("example.com/v2"),
  });
  expect(await discovery.resolve({ group: "example.com", kind: "Widget" }, never)).toMatchObject({
    state: "served",
  });
  expect((await discovery.catalogue(never)).unknown).toEqual([
    { group: "example.com", reason: expect.stringContaining("stale") },
  ]);
});

test("a group that is not listed is gone only where nothing defines it", async () => {
  let crds: string[] | number = ["widgets.example.com"];
  const discovery = await cluster(
    () => [],
    () => crds,
  );
  const widget = { group: "example.com", kind: "Widget" };
  expect(await discovery.resolve(widget, never)).toMatchObject({ state: "unknown" });
  crds = 403;
  expect(await discovery.resolve(widget, never)).toMatchObject({ state: "unknown" });
  crds = ["widgets.other-example.com"];
  expect(await discovery.resolve(widget, never)).toEqual({ state: "gone" });
});

test("a 503 makes the kinds below it unknown, and the rest stays known", async () => {
  const discovery = await start((request, response) => {
    if (request.url === "/api") sendJson(response, { kind: "APIGroupDiscoveryList", items: [CORE] });
    else response.writeHead(503).end("apiserver is starting");
  });
  expect(await discovery.resolve({ group: "apps", kind: "Deployment" }, never)).toEqual({
    state: "unknown",
    reason: "discovery of /apis was answered 503",
  });
  expect(await discovery.resolve({ group: "", kind: "Pod" }, never)).toMatchObject({ state: "served" });
  expect((await discovery.catalogue(never)).unknown).toHaveLength(1);
});

test("after invalidate the server is asked again, with its ETag", async () => {
  let kinds = ["Widget"];
  const discovery = await cluster(() => [group("example.com", { version: "v1", kinds })]);
  const gadget = { group: "example.com", kind: "Gadget" };
  expect(await discovery.resolve(gadget, never)).toEqual({ state: "gone" });
  kinds = ["Widget", "Gadget"];
  discovery.invalidate();
  expect(await discovery.resolve(gadget, never)).toMatchObject({ state: "served" });
  discovery.invalidate();
  expect(await discovery.resolve(gadget, never)).toMatchObject({ state: "served" }); // 304 twice
  expect(server?.paths).toHaveLength(6);
});

test("an older server is asked group by group, and a group that fails is unknown", async () => {
  const resources = [
    { name: "deployments", kind: "Deployment", namespaced: true, verbs: ["list"] },
    { name: "deployments/scale", kind: "Scale", namespaced: true, verbs: ["get"] },
  ];
  const groupOf = (name: string) => ({
    name,
    versions: [{ version: "v1beta1" }, { version: "v1" }],
    preferredVersion: { version: "v1" },
  });
  const answers: Record<string, object> = {
    "/api": { kind: "APIVersions", versions: ["v1"] },
    "/apis": { kind: "APIGroupList", groups: [groupOf("apps"), { ...groupOf("metrics.k8s.io") }] },
    "/api/v1": {
      kind: "APIResourceList",
      resources: [{ name: "pods", kind: "Pod", namespaced: true, verbs: [] }],
    },
    "/apis/apps/v1": { kind: "APIResourceList", resources },
    "/apis/apps/v1beta1": { kind: "APIResourceList", resources },
  };
  const discovery = await start((request, response) => {
    const body = answers[request.url ?? ""];
    if (body === undefined) response.writeHead(503).end();
    else sendJson(response, body);
  });
  expect(await discovery.resolve({ group: "apps", kind: "Deployment" }, never)).toMatchObject({
    type: { version: "v1", plural: "deployments" },
  });
  expect(await discovery.resolve({ group: "apps", kind: "Scale" }, never)).toEqual({ state: "gone" });
  expect(await discovery.resolve({ group: "metrics.k8s.io", kind: "PodMetrics" }, never)).toMatchObject({
    state: "unknown",
  });
});

test("a group of Kubernetes itself is no CRD's: that none defines it proves nothing", async () => {
  const discovery = await cluster(() => []);
  for (const group of ["apps", "networking.k8s.io"])
    expect(await discovery.resolve({ group, kind: "Any" }, never)).toMatchObject({ state: "unknown" });
});

test.each([
  "{}",
  "[]",
  "null",
  "<html></html>",
  '{"kind":"APIGroupDiscoveryList"}',
  '{"kind":"APIGroupList"}',
])("what answers %s in place of the server proves nothing", async (body) => {
  const discovery = await start((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  });
  for (const group of ["", "apps", "example.com"]) {
    expect(await discovery.resolve({ group, kind: "Any" }, never)).toMatchObject({
      state: "unknown",
      reason: expect.stringContaining("not one of a Kubernetes API server"),
    });
  }
});
