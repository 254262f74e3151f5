import type { Command } from "commander";
import type { Leftovers } from "../../../engine/model/status.ts";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { bind, type CliHost, type CommandContext } from "../../context.ts";
import { runChange } from "../../run-change.ts";

interface Flags extends ChangeFlags {
  readonly confirm: string;
  readonly force?: true;
}

export function registerClusterDelete(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "delete", {
    summary: "uninstall what a cluster runs, then remove its directory",
    details:
      "The engine takes the layers away in reverse, names what holds it up, and keeps what was there before Strata, " +
      "volumes, and Namespaces that hold anything else. --force ends a deletion that hangs (after 15 minutes): the " +
      "directory goes, and what is left is said. By itself that happens after 24 hours. Both times are settings in " +
      "strata.yaml: spec.deletion.forceAfter and spec.deletion.removeAfter.",
    examples: [
      "cluster delete aws-cluster --confirm aws-cluster --wait",
      "cluster delete aws-cluster --confirm aws-cluster --force",
    ],
  })
    .argument("<cluster>", "the cluster")
    .requiredOption("--confirm <name>", "the cluster's name once more")
    .option("--force", "end a deletion that hangs");
  addChangeOptions(command).action(
    bind(host, async (context, cluster: string, flags: Flags) => {
      const { deleteCluster, forceDeletion } = await import("../../../engine/actions/index.ts");
      const deletion = { cluster, confirm: flags.confirm };
      if (flags.force !== true)
        return runChange(context, flags, (repo, options) => deleteCluster(repo, deletion, options));
      const leftovers = await leftIn(context, cluster);
      return runChange(context, flags, (repo, options) =>
        forceDeletion(repo, { ...deletion, leftovers }, options),
      );
    }),
  );
}

/** What a running engine knows to be left in the cluster. */
async function leftIn(context: CommandContext, cluster: string): Promise<Leftovers> {
  const { leftoversAtEnd } = await import("../../../engine/actions/index.ts");
  const live = await context.live();
  if (live !== undefined) return leftoversAtEnd(await live.cluster(cluster, context.signal));
  return { left: ["unknown: no engine runs that could tell"], kept: [], released: [] };
}
