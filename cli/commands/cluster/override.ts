import type { Command } from "commander";
import { EngineError } from "../../../engine/model/errors.ts";
import type { ClusterLayer } from "../../../engine/actions/index.ts";
import type { ChangeOptions, ChangeResult } from "../../../engine/repo/change.ts";
import type { Repository } from "../../../engine/repo/repository.ts";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { collect } from "../../collect.ts";
import { bind, type CliHost, type CommandContext } from "../../context.ts";
import { renderMarkedText } from "../../output/marked-text.ts";
import { parseProfileLayer } from "../../parse-argument.ts";
import { readGiven } from "../../read-given.ts";
import { runChange } from "../../run-change.ts";
import { usageError } from "../../usage-error.ts";

interface Flags extends ChangeFlags {
  readonly file?: string;
  readonly remove: readonly string[];
  readonly show?: true;
}

export function registerClusterOverride(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "override", {
    summary: "change a layer for one cluster, over its profile",
    details:
      "Opens $VISUAL or $EDITOR with the layer as the cluster runs it, or takes the text from --file (`-` is standard " +
      "input). What differs from the profile is kept in the cluster's overrides/, as small as it can be, and applied " +
      "at once. --remove gives a place back to the profile.",
    examples: [
      "cluster override aws-cluster hello-universe/hello-universe",
      "cluster override aws-cluster hello-universe/hello-universe --show > layer.yaml",
      "cluster override aws-cluster hello-universe/hello-universe --file one-replica.yaml --wait",
      "cluster override aws-cluster hello-universe/hello-universe --remove spec.replicas",
    ],
  })
    .argument("<cluster>", "the cluster")
    .argument("<profile/layer[/file]>", "the layer, and one file of it")
    .option("--file <path>", "take the layer's new text from a file, or from standard input with `-`")
    .option("--remove <path>", "give an overridden path back to the profile; may be given again", collect, [])
    .option(
      "--show",
      "print the layer as the cluster runs it, and change nothing; in a terminal with overridden lines marked",
    );
  addChangeOptions(command).action(
    bind(host, async (context, cluster: string, name: string, flags: Flags) => {
      const target = { cluster, ...parseProfileLayer(name) };
      if (flags.show === true) {
        if (flags.file !== undefined || flags.remove.length > 0)
          throw usageError("--show changes nothing: leave out --file and --remove");
        return show(context, target);
      }
      const { removeOverrides } = await import("../../../engine/actions/index.ts");
      if (flags.remove.length > 0) {
        if (flags.file !== undefined) throw usageError("--file and --remove exclude each other");
        const removal = { ...target, paths: flags.remove };
        return runChange(context, flags, (repo, options) => removeOverrides(repo, removal, options));
      }
      return runChange(context, flags, (repo, options) => override(context, repo, target, flags, options));
    }),
  );
}

async function show(context: CommandContext, target: ClusterLayer): Promise<undefined> {
  const { readClusterLayer } = await import("../../../engine/actions/index.ts");
  const layer = await readClusterLayer(await context.repository(), target, { signal: context.signal });
  const { printer, io } = context;
  // As it is where it goes into a file
  printer.data({ ...target, ...layer }, () =>
    io.stdout.isTTY === true ? renderMarkedText(layer, printer.style) : layer.text,
  );
  return undefined;
}

/** Throws `change-conflict` where the layer changed while the editor was open. */
async function override(
  context: CommandContext,
  repo: Repository,
  target: ClusterLayer,
  { file }: Flags,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const { overrideCluster, readClusterLayer } = await import("../../../engine/actions/index.ts");
  if (file !== undefined)
    return overrideCluster(repo, { ...target, content: await readGiven(context, file) }, options);
  const { editByHand } = await import("../../edit-by-hand.ts");
  const { text } = await readClusterLayer(repo, target, options);
  const name = `${target.layer}.yaml`;
  return editByHand(context, { texts: new Map([[name, text]]), dryRun: options.dryRun }, async (edited) => {
    if ((await readClusterLayer(repo, target, options)).text !== text) {
      throw new EngineError("change-conflict", `layer "${target.layer}" was changed while you edited it`, {
        hint: "look at what it is now, and bring both together",
      });
    }
    return overrideCluster(repo, { ...target, content: edited.get(name) ?? text }, options);
  });
}
