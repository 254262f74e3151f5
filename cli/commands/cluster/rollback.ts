import type { Command } from "commander";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { bind, type CliHost } from "../../context.ts";
import { runChange } from "../../run-change.ts";

interface Flags extends ChangeFlags {
  readonly to?: string;
}

export function registerRollback(parent: Command, host: CliHost, { hidden }: { hidden: boolean }): void {
  const command = addCommand(parent, "rollback", {
    summary: "bring a cluster back to its state before, or at a commit",
    details:
      "Profiles, overrides and lock as they were there, without a merge; never its connection or tags. What goes is " +
      "said first. Said twice it returns.",
    examples: ["cluster rollback aws-cluster --wait", "cluster rollback aws-cluster --to 4f201d3 --dry-run"],
    hidden,
  })
    .argument("<cluster>", "the cluster")
    .option("--to <commit>", "its state at this commit of main");
  addChangeOptions(command).action(
    bind(host, async (context, cluster: string, flags: Flags) => {
      const { rollbackCluster } = await import("../../../engine/actions/index.ts");
      return runChange(context, flags, (repo, options) =>
        rollbackCluster(repo, { cluster, to: flags.to }, options),
      );
    }),
  );
}
