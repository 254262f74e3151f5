import { isIPv6 } from "node:net";
import type { Pod } from "../../engine/cluster/connect.ts";
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
      ...podOf(io),
    });
  };
}

/** The Pod that this process runs in, as its environment tells. */
function podOf({ env, serviceAccount }: CliIo): { pod?: Pod } {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (host === undefined || port === undefined) return {};
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return { pod: { server, serviceAccount } };
}

function refuseSandbox(_connection: unknown, cluster: string): never {
  throw new EngineError("engine-not-running", `"${cluster}" is a sandbox: it lives in a running engine`, {
    hint: "start `strata serve` in another terminal",
  });
}
