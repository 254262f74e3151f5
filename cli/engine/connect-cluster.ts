import { EngineError } from "../../engine/model/errors.ts";
import type { Connect } from "../../engine/sync/cluster-runner.ts";
import type { CliIo } from "../io.ts";
import type { EngineFlags } from "./engine-options.ts";
import { kubeconfigPaths } from "./kubeconfig-paths.ts";

/** Reaches clusters by the contexts that the flags allow, and sandboxes where this process has them. */
export function clusterConnector(io: CliIo, flags: EngineFlags, sandbox: Connect = refuseSandbox): Connect {
  return async (connection, cluster, signal) => {
    if ("sandbox" in connection) return sandbox(connection, cluster, signal);
    const { connect } = await import("../../engine/cluster/connect.ts");
    return connect(connection, {
      kubeconfig: kubeconfigPaths(io, flags.kubeconfig),
      allowedContexts: flags.allowContext,
    });
  };
}

function refuseSandbox(_connection: unknown, cluster: string): never {
  throw new EngineError("engine-not-running", `"${cluster}" is a sandbox: it lives in a running engine`, {
    hint: "start `strata serve` in another terminal",
  });
}
