import type { Command } from "commander";
import type { CliHost } from "../../context.ts";
import { registerTags } from "../tags.ts";
import { registerClusterConfirm } from "./confirm.ts";
import { registerClusterCreate } from "./create.ts";
import { registerClusterDelete } from "./delete.ts";
import { registerClusterFinish } from "./finish.ts";
import { registerClusterHistory } from "./history.ts";
import { registerClusterList } from "./list.ts";
import { registerClusterOverride } from "./override.ts";
import { registerAttach, registerDetach, registerUse } from "./choose-version.ts";
import { registerClusterPrune } from "./prune.ts";
import { registerClusterRename } from "./rename.ts";
import { registerRollback } from "./rollback.ts";
import { registerClusterShow } from "./show.ts";
import { registerClusterUpdates } from "./updates.ts";
import { registerClusterWorkloads } from "./workloads.ts";

export function registerCluster(program: Command, host: CliHost): void {
  const cluster = program
    .command("cluster")
    .helpCommand(false)
    .summary("clusters and what they run")
    .description("Clusters and what they run");
  registerClusterList(cluster, host);
  registerClusterShow(cluster, host);
  registerClusterCreate(cluster, host);
  registerUse(cluster, host, { hidden: false });
  registerAttach(cluster, host);
  registerDetach(cluster, host);
  registerClusterOverride(cluster, host);
  registerClusterUpdates(cluster, host);
  registerClusterConfirm(cluster, host);
  registerClusterPrune(cluster, host);
  registerTags(cluster, host, "cluster");
  registerRollback(cluster, host, { hidden: false });
  registerClusterHistory(cluster, host);
  registerClusterRename(cluster, host);
  registerClusterDelete(cluster, host);
  registerClusterFinish(cluster, host);
  registerClusterWorkloads(cluster, host);
}
