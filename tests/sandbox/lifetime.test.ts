import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { type SandboxCluster, startSandbox } from "../../sandbox/index.ts";

type Listed = { readonly items: readonly { readonly metadata: { readonly name: string } }[] };

async function send(sandbox: SandboxCluster, method: string, path: string, body?: unknown) {
  const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const answer = await fetch(`${sandbox.server}${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.token}`, "content-type": type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: answer.status, body: (await answer.json()) as { readonly message?: string } };
}

async function namesOf(sandbox: SandboxCluster, path: string): Promise<string[]> {
  const { body } = await send(sandbox, "GET", path);
  return (body as Listed).items.map((item) => item.metadata.name);
}

async function tempSandbox(dir?: string): Promise<SandboxCluster> {
  const sandbox = await startSandbox({ name: "test", ...(dir === undefined ? {} : { dir }) });
  onTestFinished(() => sandbox.stop().catch(() => undefined));
  return sandbox;
}

const deployment = (replicas: unknown) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "example.com/web:1" }] },
    },
  },
});

const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
const PODS = "/api/v1/namespaces/default/pods";
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

test.each([
  [1e300, 422, "spec.replicas"],
  [-1, 422, "spec.replicas"],
  ["2", 400, "spec.replicas"],
])("no count of Pods brings the engine down: %s", async (replicas, status, field) => {
  const sandbox = await tempSandbox();
  const refused = await send(sandbox, "POST", DEPLOYMENTS, deployment(replicas));
  expect(refused).toMatchObject({ status, body: { message: expect.stringContaining(field) } });
  expect(await namesOf(sandbox, PODS)).toEqual([]);
});

test("in the foreground an owner goes after its dependents", async () => {
  const sandbox = await tempSandbox();
  await send(sandbox, "POST", DEPLOYMENTS, deployment(2));
  await vi.waitFor(async () => expect(await namesOf(sandbox, PODS)).toHaveLength(2), 10_000);
  const hold = { metadata: { finalizers: ["example.com/hold"] } };
  const [pod = ""] = await namesOf(sandbox, PODS);
  await send(sandbox, "PATCH", `${PODS}/${pod}`, hold);
  await send(sandbox, "DELETE", `${DEPLOYMENTS}/web`, { propagationPolicy: "Foreground" });
  await vi.waitFor(async () => expect(await namesOf(sandbox, PODS)).toEqual([pod]), 10_000);
  expect(await namesOf(sandbox, DEPLOYMENTS)).toEqual(["web"]);
  await send(sandbox, "PATCH", `${PODS}/${pod}`, { metadata: { finalizers: null } });
  await vi.waitFor(async () => expect(await namesOf(sandbox, DEPLOYMENTS)).toEqual([]), 10_000);
});

test("an object goes with the last of its owners", async () => {
  const sandbox = await tempSandbox();
  const uids: string[] = [];
  for (const name of ["first", "second"]) {
    const { body } = await send(sandbox, "POST", CONFIG_MAPS, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name },
    });
    uids.push((body as { metadata: { uid: string } }).metadata.uid);
  }
  const ownerReferences = ["first", "second"].map((name, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    name,
    uid: uids[index] ?? "",
  }));
  await send(sandbox, "POST", CONFIG_MAPS, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "owned", ownerReferences },
  });
  await send(sandbox, "DELETE", `${CONFIG_MAPS}/first`);
  await send(sandbox, "DELETE", `${CONFIG_MAPS}/second`);
  await vi.waitFor(async () => expect(await namesOf(sandbox, CONFIG_MAPS)).not.toContain("owned"), 10_000);
});

test("what the process left undone when it ended is done by the next, and nothing runs anew", async () => {
  const dir = await mkdtemp(join(tmpdir(), "strata-sandbox-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const first = await tempSandbox(dir);
  await send(first, "POST", DEPLOYMENTS, deployment(1));
  const running = async (sandbox: SandboxCluster) => {
    const { body } = await send(sandbox, "GET", PODS);
    return body as { items: { metadata: { resourceVersion: string }; status: { phase: string } }[] };
  };
  const before = await vi.waitFor(async () => {
    const found = await running(first);
    expect(found.items.map((pod) => pod.status.phase)).toEqual(["Running"]);
    return found;
  }, 10_000);
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "once" },
    spec: {
      ttlSecondsAfterFinished: 5,
      template: { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "example.com/a:1" }] } },
    },
  };
  await send(first, "POST", "/apis/batch/v1/namespaces/default/jobs", job);
  const once = "/apis/batch/v1/namespaces/default/jobs/once";
  await vi.waitFor(async () => {
    const { body } = await send(first, "GET", once);
    expect(body).toMatchObject({ status: { succeeded: 1 } });
  }, 10_000);
  await first.stop();

  const second = await tempSandbox(dir);
  const after = await running(second);
  const [pod] = after.items.filter((item) => item.status.phase === "Running");
  expect(pod?.metadata.resourceVersion).toBe(before.items[0]?.metadata.resourceVersion);
  await vi.waitFor(async () => expect((await send(second, "GET", once)).status).toBe(404), 20_000);
  await vi.waitFor(async () => expect(await namesOf(second, PODS)).toHaveLength(1), 10_000);
});
