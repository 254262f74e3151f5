import { afterAll, beforeAll, describe, inject } from "vitest";
import { connect } from "../../engine/cluster/connect.ts";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { type SandboxCluster, startSandbox } from "../../sandbox/index.ts";

const CONTEXT = "dev-2";

/** Runs a suite against the sandbox and, where there is one, against a real API server. */
export function onEachTarget(suite: (connect: () => Promise<KubeApi>) => void): void {
  describe("on the sandbox", () => {
    let sandbox: SandboxCluster | undefined;
    beforeAll(async () => {
      sandbox = await startSandbox({ name: "apply" });
    });
    afterAll(() => sandbox?.stop());
    suite(async () => {
      if (sandbox === undefined) throw new Error("there is no sandbox before the tests");
      return connectServer({ server: sandbox.server, token: sandbox.token });
    });
  });

  const kubeconfig = process.env.STRATA_TEST_KUBECONFIG ?? inject("controlPlane");
  describe.runIf(kubeconfig)("on a real API server", () => {
    suite(() => connect({ context: CONTEXT }, { kubeconfig: [kubeconfig], allowedContexts: [CONTEXT] }));
  });
}
