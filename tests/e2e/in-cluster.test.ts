import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import type { CliIo } from "../../cli/io.ts";
import { runCli } from "../../cli/main.ts";
import { clusterTargets } from "../support/cluster-targets.ts";
import { useCluster } from "../support/use-cluster.ts";
import { gitEnv, signal, tempDir } from "../support/temp-git.ts";

const NAMESPACE = "strata-engine";
const ACCOUNT = `system:serviceaccount:${NAMESPACE}:engine`;

/** A fleet whose one cluster is the engine's own, and `strata` with an environment and a Pod's service account. */
async function fleetIn(env: Readonly<Record<string, string>>) {
  const home = await tempDir();
  const serviceAccount = join(home, "serviceaccount");
  await mkdir(serviceAccount);
  const strata = async (...args: string[]) => {
    let [stdout, stderr] = ["", ""];
    const io: CliIo = {
      stdin: new PassThrough(),
      stdout: { write: (text: string) => void (stdout += text) },
      stderr: { write: (text: string) => void (stderr += text) },
      env: { ...gitEnv(), HOME: home, ...env },
      cwd: home,
      serviceAccount,
      signal: signal(),
      leaveInterrupts: (work) => work(),
    };
    const code = await runCli(["--repo", join(home, "fleet"), ...args, "-o", "json"], io);
    return { code, stdout, stderr };
  };
  const create = ["cluster", "create", "here", "--in-cluster", "--profile", "hello-universe@1.0.0"];
  for (const args of [["init", join(home, "fleet")], create])
    expect(await strata(...args)).toMatchObject({ code: 0 });
  const mount = (file: "ca.crt" | "token", text: string) => writeFile(join(serviceAccount, file), text);
  return { strata, mount };
}

test("outside a cluster, strata sync says that there is none around it", async () => {
  const { strata } = await fleetIn({});
  const { code, stdout } = await strata("sync");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([{ name: "here", blockedBy: [{ code: "not-in-cluster" }] }]);
});

// The sandbox has neither TLS nor service accounts.
const targets = clusterTargets().filter(({ name }) => name === "control-plane");

describe.each(targets)("in a Pod, on $name", ({ start }) => {
  const inPod = useCluster(start);
  afterAll(() => inPod().wipe());

  test("strata sync drives the cluster that it runs in, with the rights of its service account", async () => {
    const cluster = inPod();
    if (cluster.ca === undefined) throw new Error("the cluster has no certificate");
    const kubectl = async (...args: string[]): Promise<string> => {
      const run = await cluster.kubectl(args);
      if (run.code !== 0) throw new Error(run.stderr);
      return run.stdout.trim();
    };
    const { hostname: host, port } = new URL(cluster.server);
    const around = { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port };
    const { strata, mount } = await fleetIn(around);
    await mount("ca.crt", cluster.ca);
    await kubectl("create", "namespace", NAMESPACE);
    await kubectl("-n", NAMESPACE, "create", "serviceaccount", "engine");
    await mount("token", await kubectl("-n", NAMESPACE, "create", "token", "engine"));

    const refused = await strata("sync");
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining(ACCOUNT) });

    const admin = ["--clusterrole=cluster-admin", `--serviceaccount=${NAMESPACE}:engine`];
    await kubectl("create", "clusterrolebinding", "strata-engine", ...admin);
    const allowed = await strata("sync");
    expect(allowed.code).toBe(0);
    expect(JSON.parse(allowed.stdout)).toMatchObject([{ name: "here", health: "healthy" }]);
    const ready = "jsonpath={.status.readyReplicas}";
    const deployment = ["get", "deployment", "hello-universe-deployment", "-n", "hello-universe"];
    expect(await kubectl(...deployment, "-o", ready)).toBe("2");
  }, 120_000);
});
