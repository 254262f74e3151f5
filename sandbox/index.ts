export { openSandboxes, type Sandboxes } from "./open-sandboxes.ts";
export { type SandboxCluster, startSandbox } from "./start-sandbox.ts";
