import type { Command } from "commander";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { bind, type CliHost } from "../../context.ts";
import { runChange } from "../../run-change.ts";

export function registerClusterRename(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "rename", {
    summary: "rename a cluster; what runs in it stays",
    examples: ["cluster rename aws-cluster aws-frankfurt"],
  })
    .argument("<cluster>", "the cluster")
    .argument("<name>", "its new name");
  addChangeOptions(command).action(
    bind(host, async (context, from: string, to: string, flags: ChangeFlags) => {
      const { renameCluster } = await import("../../../engine/actions/index.ts");
      return runChange(context, flags, (repo, options) => renameCluster(repo, { from, to }, options));
    }),
  );
}
