import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "../../engine/cluster/connect.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { EngineError } from "../../engine/model/errors.ts";
import { failure, sendJson, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import { CONFIG_MAPS, FAST } from "./watch-script.ts";

const never = new AbortController().signal;
let folder: string;
let server: ScriptedServer;
let accepted = "";
let asked: (string | undefined)[] = [];
const apis: KubeApi[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "strata-kubeconfig-"));
  accepted = "";
  asked = [];
  server = await startScriptedServer((request, response) => {
    asked.push(request.headers.authorization);
    const good = accepted === "" || request.headers.authorization === `Bearer ${accepted}`;
    if (good) sendJson(response, { kind: "Namespace", metadata: { name: "kube-system", uid: "c1" } });
    else sendJson(response, failure(401, "Unauthorized", "Unauthorized"), 401);
  });
});

afterEach(async () => {
  await Promise.all(apis.splice(0).map((api) => api.close()));
  await server.close();
  await rm(folder, { recursive: true });
});

/** Writes a kubeconfig whose contexts, clusters and users all have the given name. */
async function kubeconfig(file: string, name: string, user: string, url = server.url): Promise<string> {
  const path = join(folder, file);
  await writeFile(
    path,
    `apiVersion: v1
kind: Config
clusters: [{ name: ${name}, cluster: { server: "${url}/" } }]
contexts: [{ name: ${name}, context: { cluster: ${name}, user: ${name} } }]
users: [{ name: ${name}, user: ${user} }]
`,
  );
  return path;
}

async function dev(kubeconfigs: readonly string[]): Promise<KubeApi> {
  const options = { kubeconfig: kubeconfigs, allowedContexts: ["dev"], timing: FAST };
  const api = await connect({ context: "dev" }, options);
  apis.push(api);
  return api;
}

test("sends the token of the context, and knows the cluster by kube-system", async () => {
  const api = await dev([await kubeconfig("config", "dev", "{ token: t1 }")]);
  expect(server.paths).toEqual([]);
  expect(await api.identity(never)).toEqual({ uid: "c1" });
  expect(server.paths).toEqual(["/api/v1/namespaces/kube-system"]);
  expect(asked).toEqual(["Bearer t1"]);
});

test("the first of several files that has a name wins", async () => {
  const first = await kubeconfig("a", "prod", "{ token: p }");
  const second = await kubeconfig("b", "dev", "{ token: mine }");
  const third = await kubeconfig("c", "dev", "{ token: shadowed }");
  await (await dev([first, second, third])).identity(never);
  expect(asked).toEqual(["Bearer mine"]);
});

test("a token file may be named relative to the kubeconfig; after a 401 it is read again", async () => {
  await writeFile(join(folder, "token"), "old\n");
  const api = await dev([await kubeconfig("config", "dev", "{ tokenFile: token }")]);
  await api.identity(never);
  await writeFile(join(folder, "token"), "new\n");
  accepted = "new";
  await api.identity(never);
  expect(asked).toEqual(["Bearer old", "Bearer old", "Bearer new"]);
});

test("a kubeconfig that was written anew after a 401 is used", async () => {
  const api = await dev([await kubeconfig("config", "dev", "{ token: old }")]);
  accepted = "new";
  await kubeconfig("config", "dev", "{ token: new }");
  expect(await api.identity(never)).toEqual({ uid: "c1" });
  accepted = "newer";
  await expect(api.identity(never)).rejects.toMatchObject({ code: "api-401" });
});

test("an exec plugin is told the protocol, and run once while its token is good", async () => {
  const script = join(folder, "plugin.mjs");
  await writeFile(
    script,
    `import { appendFileSync } from "node:fs";
appendFileSync(${JSON.stringify(join(folder, "runs"))}, "x");
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
console.log(JSON.stringify({ ...info, status: { token: info.apiVersion.split("/")[1] + process.env.EXTRA } }));
`,
  );
  const exec = `{ apiVersion: client.authentication.k8s.io/v1, command: ${JSON.stringify(process.execPath)}, args: [${JSON.stringify(script)}], env: [{ name: EXTRA, value: "-e" }] }`;
  const api = await dev([await kubeconfig("config", "dev", `{ exec: ${exec} }`)]);
  await Promise.all([api.identity(never), api.identity(never)]);
  expect(asked).toEqual(["Bearer v1-e", "Bearer v1-e"]);
  expect(await readFile(join(folder, "runs"), "utf8")).toBe("x");
});

test("an exec plugin that fails makes the cluster unreachable, and says why", async () => {
  const exec = `{ apiVersion: client.authentication.k8s.io/v1, command: ${JSON.stringify(process.execPath)}, args: ["-e", "console.error('log in first'); process.exit(3)"] }`;
  const api = await dev([await kubeconfig("config", "dev", `{ exec: ${exec} }`)]);
  await expect(api.identity(never)).rejects.toMatchObject({
    code: "cluster-unreachable",
    message: expect.stringContaining("log in first"),
  });
});

test("an exec plugin that hangs makes requests and watches fail at their deadline", async () => {
  const exec = `{ apiVersion: client.authentication.k8s.io/v1, command: ${JSON.stringify(process.execPath)}, args: ["-e", "setTimeout(() => {}, 3000)"] }`;
  const kubeconfigs = [await kubeconfig("config", "dev", `{ exec: ${exec} }`)];
  const timing = { ...FAST, requestMs: 300 };
  const api = await connect(
    { context: "dev" },
    { kubeconfig: kubeconfigs, allowedContexts: ["dev"], timing },
  );
  apis.push(api);
  await expect(api.identity(never)).rejects.toMatchObject({ code: "cluster-unreachable" });
  const problem = await new Promise((resolve) => {
    const silent = { onUpsert: () => {}, onGone: () => {}, onSynced: () => {}, onUp: () => {} };
    api.watch(CONFIG_MAPS, {}, { ...silent, onDown: resolve });
  });
  expect(problem).toMatchObject({ code: "cluster-unreachable" });
});

test("neither a plugin's answer nor a kubeconfig's text gets into an error", async () => {
  const exec = `{ apiVersion: client.authentication.k8s.io/v1, command: ${JSON.stringify(process.execPath)}, args: ["-e", "console.log('hunter2')"] }`;
  const api = await dev([await kubeconfig("config", "dev", `{ exec: ${exec} }`)]);
  const path = join(folder, "broken");
  await writeFile(path, "users:\n- user: { token: hunter2 }}\n");
  for (const failing of [() => api.identity(never), () => dev([path])]) {
    const error: unknown = await failing().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    expect(inspect(error, { depth: 9 })).not.toContain("hunter2");
  }
});

test("a context that is not allowed is refused before any file is read", async () => {
  const refused = connect(
    { context: "prod" },
    { kubeconfig: ["/nonexistent"], allowedContexts: ["dev", "test"] },
  );
  await expect(refused).rejects.toMatchObject({
    code: "context-not-allowed",
    hint: expect.stringMatching(/allowed: dev, test; .*--allow-context prod/),
  });
});

test("a missing context, an unreadable and a broken kubeconfig are told", async () => {
  const other = await kubeconfig("config", "staging", "{}");
  await expect(dev([other])).rejects.toMatchObject({
    code: "context-unknown",
    hint: "its contexts: staging",
  });
  await expect(dev([join(folder, "none")])).rejects.toMatchObject({ code: "kubeconfig-unreadable" });
  const broken = join(folder, "broken");
  await writeFile(broken, "clusters: [");
  await expect(dev([broken])).rejects.toMatchObject({
    code: "kubeconfig-unreadable",
    message: expect.stringContaining(broken),
  });
  const dangling = join(folder, "dangling");
  await writeFile(dangling, "contexts: [{ name: dev, context: { cluster: nowhere } }]");
  await expect(dev([dangling])).rejects.toMatchObject({ code: "kubeconfig-invalid" });
});

test("outside a cluster, in-cluster access says so", async () => {
  const refused = connect({ inCluster: true }, { kubeconfig: [], allowedContexts: [] });
  await expect(refused).rejects.toMatchObject({ code: "not-in-cluster" });
});

test("in a Pod, the service account's token is sent; one that is refused is read again", async () => {
  await writeFile(join(folder, "ca.crt"), "");
  await writeFile(join(folder, "token"), "old");
  const pod = { server: server.url, serviceAccount: folder };
  const api = await connect({ inCluster: true }, { kubeconfig: [], allowedContexts: [], pod, timing: FAST });
  apis.push(api);
  await api.identity(never);
  await writeFile(join(folder, "token"), "new");
  accepted = "new";
  await api.identity(never);
  expect(asked).toEqual(["Bearer old", "Bearer old", "Bearer new"]);
});

test("a Pod without a service account is told so", async () => {
  const pod = { server: server.url, serviceAccount: folder };
  const api = await connect({ inCluster: true }, { kubeconfig: [], allowedContexts: [], pod });
  apis.push(api);
  await expect(api.identity(never)).rejects.toMatchObject({
    code: "cluster-unreachable",
    message: expect.stringContaining(folder),
  });
  expect(asked).toEqual([]);
});
