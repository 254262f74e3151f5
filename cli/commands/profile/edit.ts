import { basename } from "node:path";
import type { Command } from "commander";
import type { LayerFile } from "../../../engine/actions/index.ts";
import type { ChangeOptions, ChangeResult } from "../../../engine/repo/change.ts";
import type { Repository } from "../../../engine/repo/repository.ts";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { bind, type CliHost, type CommandContext } from "../../context.ts";
import { escapeControl } from "../../output/escape-control.ts";
import { parseLayer, parseProfileVersion } from "../../parse-argument.ts";
import { readGiven } from "../../read-given.ts";
import { runChange } from "../../run-change.ts";
import { usageError } from "../../usage-error.ts";

interface Flags extends ChangeFlags {
  readonly file?: string;
  readonly show?: true;
}

export function registerProfileEdit(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "edit", {
    summary: "edit a layer in place: the version's next revision",
    details:
      "Opens $VISUAL or $EDITOR, or takes the new text from --file (`-` is standard input). Of several manifests " +
      "(.yaml, .yml, .json) the text holds all, each below a line `# file: <path>`: what stands there is that file. " +
      "A new such line behind `---` begins a new file, and a file goes with its part. Other files, such as README.md, " +
      "and layers of other types are not in it: name the file. What could not be used is refused before it is " +
      "committed, and what you typed stays in a file that is named.",
    examples: [
      "profile edit hello-universe@1.0.0 hello-universe",
      "profile edit web@2.1.0 app/deployment.yaml --file new.yaml -m 'Three replicas'",
      "profile edit web@2.1.0 app --show > app.yaml",
      "profile edit web@2.1.0 app --file app.yaml --dry-run",
    ],
  })
    .argument("<profile@version>", "the version")
    .argument("<layer[/file]>", "the layer, and one file of it")
    .option("--file <path>", "take the new text from a file, or from standard input with `-`")
    .option("--show", "print the text that would be edited, and change nothing");
  addChangeOptions(command).action(
    bind(host, async (context, name: string, layer: string, flags: Flags) => {
      const target = { ...parseProfileVersion(name), ...parseLayer(layer) };
      if (flags.show !== true)
        return runChange(context, flags, (repo, options) => edit(context, repo, target, flags, options));
      if (flags.file !== undefined) throw usageError("--show and --file exclude each other");
      return show(context, target);
    }),
  );
}

async function show(context: CommandContext, target: LayerFile): Promise<undefined> {
  const { readLayer } = await import("../../../engine/actions/index.ts");
  const { text, files } = await readLayer(await context.repository(), target, { signal: context.signal });
  const { printer, io } = context;
  // As it is where it goes into a file
  printer.data({ ...target, files, text }, () => (io.stdout.isTTY === true ? escapeControl(text) : text));
  return undefined;
}

async function edit(
  context: CommandContext,
  repo: Repository,
  target: LayerFile,
  { file }: Flags,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const { editLayer, readLayer } = await import("../../../engine/actions/index.ts");
  if (file !== undefined)
    return editLayer(repo, { ...target, content: await readGiven(context, file) }, options);
  const { editByHand } = await import("../../edit-by-hand.ts");
  const { text, files, tree } = await readLayer(repo, target, options);
  const [only = "", ...others] = files;
  const name = others.length === 0 ? basename(only) : `${target.layer}.yaml`;
  return editByHand(context, { texts: new Map([[name, text]]), dryRun: options.dryRun }, (edited) =>
    editLayer(repo, { ...target, content: edited.get(name) ?? text, base: tree }, options),
  );
}
