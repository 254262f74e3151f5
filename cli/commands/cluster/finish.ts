import type { Command } from "commander";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { bind, type CliHost } from "../../context.ts";
import { runChange } from "../../run-change.ts";

export function registerClusterFinish(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "finish", {
    summary: "uninstall a cluster whose directory was removed by hand",
    details:
      "A directory that someone removes uninstalls nothing: the cluster is listed as orphaned. This brings the " +
      "directory back to be deleted; `git revert` of its removal lets the cluster go on instead.",
    examples: ["cluster finish aws-cluster --wait"],
  }).argument("<cluster>", "the cluster");
  addChangeOptions(command).action(
    bind(host, async (context, cluster: string, flags: ChangeFlags) => {
      const { finishCluster } = await import("../../../engine/actions/index.ts");
      return runChange(context, flags, (repo, options) => finishCluster(repo, { cluster }, options));
    }),
  );
}
