import type { Command } from "commander";
import { EngineError } from "../../../engine/model/errors.ts";
import type { ClusterLayer } from "../../../engine/actions/index.ts";
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
      "cluster override aws-cluster hello-universe/hello-universe --show",
      "cluster override aws-cluster hello-universe/hello-universe --file one-replica.yaml --wait",
      "cluster override aws-cluster hello-universe/hello-universe --remove spec.replicas",
    ],
  })
    .argument("<cluster>", "the cluster")
    .argument("<profile/layer[/file]>", "the layer, and one file of it")
    .option("--file <path>", "take the layer's new text from a file, or from standard input with `-`")
    .option("--remove <path>", "give an overridden path back to the profile; may be given again", collect, [])
    .option("--show", "print the layer as the cluster runs it, overridden lines marked, and change nothing");
  addChangeOptions(command).action(
    bind(host, async (context, cluster: string, name: string, flags: Flags) => {
      const target = { cluster, ...parseProfileLayer(name) };
      if (flags.show === true) return show(context, target);
      const { overrideCluster, removeOverrides } = await import("../../../engine/actions/index.ts");
      if (flags.remove.length > 0) {
        if (flags.file !== undefined) throw usageError("--file and --remove exclude each other");
        const removal = { ...target, paths: flags.remove };
        return runChange(context, flags, (repo, options) => removeOverrides(repo, removal, options));
      }
      const content =
        flags.file === undefined ? await editByHand(context, target) : await readGiven(context, flags.file);
      return runChange(context, flags, (repo, options) =>
        overrideCluster(repo, { ...target, content }, options),
      );
    }),
  );
}

async function show(context: CommandContext, target: ClusterLayer): Promise<undefined> {
  const { readClusterLayer } = await import("../../../engine/actions/index.ts");
  const layer = await readClusterLayer(await context.repository(), target, { signal: context.signal });
  const { printer } = context;
  printer.data({ ...target, ...layer }, () => renderMarkedText(layer, printer.style));
  return undefined;
}

/** The user's text. Throws `change-conflict` where the layer changed while the editor was open; the text is kept. */
async function editByHand(context: CommandContext, target: ClusterLayer): Promise<string> {
  if (context.io.stdin.isTTY !== true)
    throw usageError("there is no terminal to edit in", "give the text with --file <path> or --file -");
  const { readClusterLayer } = await import("../../../engine/actions/index.ts");
  const { openEditor } = await import("../../open-editor.ts");
  const repo = await context.repository();
  const read = () => readClusterLayer(repo, target, { signal: context.signal });
  const before = await read();
  const edited = await openEditor(context.io, `${target.layer}.yaml`, before.text);
  if ((await read()).text !== before.text) {
    throw new EngineError("change-conflict", `layer "${target.layer}" was changed while you edited it`, {
      hint: `your text is in ${edited.file}; bring both together and give it with --file`,
    });
  }
  await edited.discard();
  return edited.text;
}
