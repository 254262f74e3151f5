import { afterAll, beforeAll, describe, inject } from "vitest";
import { connect } from "../../engine/cluster/connect.ts";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import { type SandboxCluster, startSandbox } from "../../sandbox/index.ts";
import { clusterSuite } from "./live-suite.ts";

// Empty where only the sandbox is tested
const kubeconfigs = [inject("controlPlane")].filter((path) => path !== "");

describe.each(kubeconfigs)("a real API server", (kubeconfig) => {
  clusterSuite(() => connect({ context: "dev-1" }, { kubeconfig: [kubeconfig], allowedContexts: ["dev-1"] }));
});

describe("the sandbox", () => {
  let sandbox: Promise<SandboxCluster>;
  beforeAll(() => {
    sandbox = startSandbox({ name: "cluster-suite" });
  });
  afterAll(async () => (await sandbox).stop());
  clusterSuite(async () => {
    const { server, token } = await sandbox;
    return connectServer({ server, token });
  });
});
