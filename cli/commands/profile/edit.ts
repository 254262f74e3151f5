import { basename } from "node:path";
import type { Command } from "commander";
import { EngineError } from "../../../engine/model/errors.ts";
import type { LayerFile } from "../../../engine/actions/index.ts";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { bind, type CliHost, type CommandContext } from "../../context.ts";
import { readGiven } from "../../read-given.ts";
import { parseLayer, parseProfileVersion } from "../../parse-argument.ts";
import { runChange } from "../../run-change.ts";
import { usageError } from "../../usage-error.ts";

interface Flags extends ChangeFlags {
  readonly file?: string;
}

export function registerProfileEdit(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "edit", {
    summary: "edit a file of a layer in place: the version's next revision",
    details: "Opens $VISUAL or $EDITOR, or takes the new text from --file (`-` is standard input).",
    examples: [
      "profile edit hello-universe@1.0.0 hello-universe",
      "profile edit web@2.1.0 app/deployment.yaml --file new.yaml -m 'Three replicas'",
    ],
  })
    .argument("<profile@version>", "the version")
    .argument("<layer[/file]>", "the layer, and its file where it holds several")
    .option("--file <path>", "take the new text from a file, or from standard input with `-`");
  addChangeOptions(command).action(
    bind(host, async (context, name: string, layer: string, flags: Flags) => {
      const { editLayer } = await import("../../../engine/actions/index.ts");
      const target = { ...parseProfileVersion(name), ...parseLayer(layer) };
      const content =
        flags.file === undefined ? await editByHand(context, target) : await readGiven(context, flags.file);
      return runChange(context, flags, (repo, options) => editLayer(repo, { ...target, content }, options));
    }),
  );
}

/** The user's text. Throws `change-conflict` where the file changed while the editor was open; the text is kept. */
async function editByHand(context: CommandContext, target: LayerFile): Promise<string> {
  if (context.io.stdin.isTTY !== true)
    throw usageError("there is no terminal to edit in", "give the text with --file <path> or --file -");
  const { readLayer } = await import("../../../engine/actions/index.ts");
  const { openEditor } = await import("../../open-editor.ts");
  const repo = await context.repository();
  const before = await readLayer(repo, target, { signal: context.signal });
  const edited = await openEditor(context.io, basename(before.path), before.text);
  const now = await readLayer(repo, target, { signal: context.signal });
  if (now.text !== before.text && edited.text !== now.text) {
    throw new EngineError(
      "change-conflict",
      `${before.path} was changed by someone else while you edited it`,
      {
        file: before.path,
        hint: `your text is in ${edited.file}; bring both together and give it with --file`,
      },
    );
  }
  await edited.discard();
  return edited.text;
}
