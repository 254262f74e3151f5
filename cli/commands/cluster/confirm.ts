import type { Command } from "commander";
import type { PlanLayer, PlanView } from "../../../engine/model/plan.ts";
import type { ChangeOptions, ChangeResult } from "../../../engine/repo/change.ts";
import type { Repository } from "../../../engine/repo/repository.ts";
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
      if (flags.plan.some((id) => id.trim() === ""))
        throw usageError("--plan needs the id of a plan", "`strata updates` lists them");
      return runChange(context, flags, (repo, options) =>
        confirm(context, repo, { cluster, flags, options }),
      );
    }),
  );
}

interface Asked {
  readonly cluster: string;
  readonly flags: Flags;
  readonly options: ChangeOptions;
}

/** Confirms the plans with the texts that the user made of them, by layer. */
type Confirm = (plans: readonly string[], edited: ReadonlyMap<string, string>) => Promise<ChangeResult>;

async function confirm(context: CommandContext, repo: Repository, asked: Asked): Promise<ChangeResult> {
  const { cluster, flags, options } = asked;
  const { confirmUpdates } = await import("../../../engine/actions/index.ts");
  const drop = [...flags.takeProfile, ...flags.drop];
  const take: Confirm = (plans, edited) => confirmUpdates(repo, [{ cluster, plans, drop, edited }], options);
  if (flags.edit !== true && flags.file.length === 0) return take(flags.plan, new Map());
  const { planUpdates } = await import("../../../engine/fleet/index.ts");
  const all = await planUpdates(repo, { cluster }, options);
  const chosen = all.filter(({ plan }) => flags.plan.length === 0 || flags.plan.includes(plan));
  // The action says why there is none
  if (chosen.length === 0) return take(flags.plan, new Map());
  if (flags.edit === true) return confirmByHand(context, repo, { ...asked, chosen }, take);
  const edited = new Map<string, string>();
  for (const { layer = onlyLayer(chosen), path } of flags.file.map(parseLayerFile)) {
    if (edited.has(layer)) throw usageError(`--file is given twice for layer "${layer}"`);
    edited.set(layer, await readGiven(context, path));
  }
  return take(flags.plan, edited);
}

/** The one layer that a text without a name can be for. Throws `usage`. */
function onlyLayer(plans: readonly PlanView[]): string {
  const layers = plans.flatMap((plan) => plan.layers);
  const [first, ...others] = layers.length === 1 ? layers : layersToEdit(layers);
  if (first !== undefined && others.length === 0) return first.name;
  const names = (first === undefined ? layers : [first, ...others]).map(({ name }) => name);
  throw usageError(
    `the text may be for any of the layers ${names.join(", ")}`,
    `name the one: --file ${names[0] ?? "<layer>"}=<path>`,
  );
}

/** The layers of which a user may want another text: those that change, then those that the cluster overrides. */
function layersToEdit(layers: readonly PlanLayer[]): PlanLayer[] {
  const changed = layers.filter(({ changes }) => changes.length > 0);
  const overridden = layers.filter((layer) => layer.overrides.length > 0 && !changed.includes(layer));
  return [...changed, ...overridden];
}

async function confirmByHand(
  context: CommandContext,
  repo: Repository,
  { cluster, options, chosen }: Asked & { readonly chosen: readonly PlanView[] },
  take: Confirm,
): Promise<ChangeResult> {
  const [first, ...others] = chosen;
  if (first === undefined || others.length > 0)
    throw usageError(
      `${chosen.length} updates are pending`,
      `edit one after another: --plan ${first?.plan ?? "<id>"}`,
    );
  const { plan } = first;
  const { readPendingTexts } = await import("../../../engine/actions/index.ts");
  const { editByHand } = await import("../../edit-by-hand.ts");
  const names = layersToEdit(first.layers).map(({ name }) => name);
  const all = await readPendingTexts(repo, { cluster, plan }, options);
  const pending = [...all].filter(([layer]) => names.length === 0 || names.includes(layer));
  const texts = new Map(pending.map(([layer, text]) => [`${layer}.yaml`, text]));
  return editByHand(context, { texts, dryRun: options.dryRun }, (edited) => {
    const changed = pending.flatMap(([layer, text]): [string, string][] => {
      const now = edited.get(`${layer}.yaml`) ?? text;
      return now === text ? [] : [[layer, now]];
    });
    return take([plan], new Map(changed));
  });
}
