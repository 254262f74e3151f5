import { type Command, Option } from "commander";
import type { Connection } from "../../../engine/model/cluster.ts";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { collect } from "../../collect.ts";
import { bind, type CliHost } from "../../context.ts";
import { parseProfileVersion } from "../../parse-argument.ts";
import { runChange } from "../../run-change.ts";
import { usageError } from "../../usage-error.ts";

interface Flags extends ChangeFlags {
  readonly profile: readonly string[];
  readonly tag: readonly string[];
  readonly context?: string;
  readonly inCluster?: true;
  readonly sandbox?: true;
}

export function registerClusterCreate(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "create", {
    summary: "add a cluster to the repository",
    examples: [
      "cluster create aws-cluster --profile hello-universe@1.0.0 --context kind-dev --tag team:web",
      "cluster create try --profile hello-universe@1.0.0 --sandbox --wait",
    ],
  })
    .argument("<name>", "its name, and that of its folder below clusters/")
    .option("--profile <profile@version>", "a profile that it runs; may be given again", collect, [])
    .option("--tag <tag>", "`key:value` or a bare word; may be given again", collect, [])
    .addOption(
      new Option("--context <name>", "reach it by this context of the engine's kubeconfig").conflicts([
        "inCluster",
        "sandbox",
      ]),
    )
    .addOption(new Option("--in-cluster", "it is the cluster that the engine runs in").conflicts("sandbox"))
    .option("--sandbox", "it is an embedded sandbox of the engine");
  addChangeOptions(command).action(
    bind(host, async (context, name: string, flags: Flags) => {
      const { createCluster } = await import("../../../engine/actions/index.ts");
      const args = {
        name,
        connection: readConnection(flags),
        profiles: flags.profile.map(parseProfileVersion),
        tags: flags.tag,
      };
      return runChange(context, flags, (repo, options) => createCluster(repo, args, options));
    }),
  );
}

function readConnection(flags: Flags): Connection {
  if (flags.context !== undefined) return { context: flags.context };
  if (flags.inCluster === true) return { inCluster: true };
  if (flags.sandbox === true) return { sandbox: true };
  throw usageError("how is the cluster reached?", "add --context <name>, --in-cluster or --sandbox");
}
