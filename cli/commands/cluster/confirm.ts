import type { Command } from "commander";
import type { PlanView } from "../../../engine/model/plan.ts";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { collect } from "../../collect.ts";
import { bind, type CliHost, type CommandContext } from "../../context.ts";
import { addDropOption } from "../../drop-option.ts";
import { parseLayerFile } from "../../parse-argument.ts";
import { readGiven } from "../../read-given.ts";
import { runChange } from "../../run-change.ts";
import { usageError } from "../../usage-error.ts";

interface Flags extends ChangeFlags {
  readonly plan: readonly string[];
  readonly file: readonly string[];
  readonly takeProfile: readonly string[];
  readonly drop: readonly string[];
  readonly edit?: true;
}

export function registerClusterConfirm(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "confirm", {
    summary: "confirm the pending updates of a cluster: they are applied at once",
    details:
      "Overrides stay, unless you take the profile's value, drop them, or edit the pending text: what you make of it " +
      "becomes the cluster's overrides. A plan that is no longer current is refused, with what changed since.",
    examples: [
      "cluster confirm aws-cluster --wait",
      "cluster confirm aws-cluster --plan 0f5e9b21c4d83a76",
      "cluster confirm aws-cluster --take-profile spec.replicas",
      "cluster confirm aws-cluster --file edited.yaml",
      "cluster confirm aws-cluster --edit",
    ],
  })
    .argument("<cluster>", "the cluster")
    .option("--plan <id>", "only the plan that you looked at; may be given again", collect, [])
    .option("--file <[layer=]path>", "an edited pending text; may be given again, once a layer", collect, [])
    .option("--take-profile <path>", "take the profile's value there; may be given again", collect, []);
  addDropOption(command).option("--edit", "edit the pending texts in $VISUAL or $EDITOR first");
  addChangeOptions(command).action(
    bind(host, async (context, cluster: string, flags: Flags) => {
      if (flags.edit === true && flags.file.length > 0)
        throw usageError("--edit and --file exclude each other");
      const { confirmUpdates } = await import("../../../engine/actions/index.ts");
      const drop = [...flags.takeProfile, ...flags.drop];
      const { edited, plans } = await editedTexts(context, cluster, flags);
      const confirmation = { cluster, plans, drop, edited };
      return runChange(context, flags, (repo, options) => confirmUpdates(repo, [confirmation], options));
    }),
  );
}

/** The user's texts by layer, and the plans that they are of. */
async function editedTexts(
  context: CommandContext,
  cluster: string,
  flags: Flags,
): Promise<{ edited: ReadonlyMap<string, string>; plans: readonly string[] }> {
  if (flags.edit !== true && flags.file.length === 0) return { edited: new Map(), plans: flags.plan };
  const { planUpdates } = await import("../../../engine/fleet/index.ts");
  const all = await planUpdates(await context.repository(), { cluster }, { signal: context.signal });
  const chosen = all.filter(({ plan }) => flags.plan.length === 0 || flags.plan.includes(plan));
  // The action says why there is none
  if (chosen.length === 0) return { edited: new Map(), plans: flags.plan };
  if (flags.edit === true) return editByHand(context, cluster, chosen);
  const edited = new Map<string, string>();
  for (const { layer, path } of flags.file.map(parseLayerFile))
    edited.set(layer ?? onlyLayer(chosen), await readGiven(context, path));
  return { edited, plans: flags.plan };
}

/** The one layer that a text without a name can be for. Throws `usage`. */
function onlyLayer(plans: readonly PlanView[]): string {
  const layers = plans.flatMap((plan) => plan.layers);
  const touched = layers.filter(({ changes, overrides }) => changes.length > 0 || overrides.length > 0);
  const [first] = layers.length === 1 ? layers : touched;
  if (first !== undefined && (layers.length === 1 || touched.length === 1)) return first.name;
  throw usageError(
    `${touched.length} layers change: the text may be for any`,
    `name it: --file ${touched[0]?.name ?? "<layer>"}=<path>`,
  );
}

async function editByHand(
  context: CommandContext,
  cluster: string,
  plans: readonly PlanView[],
): Promise<{ edited: ReadonlyMap<string, string>; plans: readonly string[] }> {
  if (context.io.stdin.isTTY !== true)
    throw usageError("there is no terminal to edit in", "give the text with --file <path> or --file -");
  const [plan] = plans;
  if (plan === undefined || plans.length > 1)
    throw usageError(
      `${plans.length} updates are pending`,
      `edit one after another: --plan ${plan?.plan ?? "<id>"}`,
    );
  const { openEditor } = await import("../../open-editor.ts");
  const { readPendingTexts } = await import("../../../engine/actions/index.ts");
  const texts = await readPendingTexts(
    await context.repository(),
    { cluster, plan: plan.plan },
    { signal: context.signal },
  );
  const edited = new Map<string, string>();
  for (const [layer, text] of texts) {
    const result = await openEditor(context.io, `${layer}.yaml`, text);
    await result.discard();
    if (result.text !== text) edited.set(layer, result.text);
  }
  return { edited, plans: [plan.plan] };
}
