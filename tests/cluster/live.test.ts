import { describe, inject } from "vitest";
import { connect } from "../../engine/cluster/connect.ts";
import { clusterSuite } from "./live-suite.ts";

const controlPlane = inject("controlPlane");

// Empty where only the sandbox is tested
describe.runIf(controlPlane)("a real API server", () => {
  clusterSuite(() =>
    connect({ context: "dev-1" }, { kubeconfig: [controlPlane], allowedContexts: ["dev-1"] }),
  );
});
