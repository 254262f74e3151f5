import type { Command } from "commander";
import type { LeavingView, PruneView } from "../../../engine/model/view.ts";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { bind, type CliHost, type CommandContext } from "../../context.ts";
import { addEngineOptions, type EngineFlags } from "../../engine/engine-options.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-codes.ts";
import type { Printer } from "../../output/printer.ts";
import type { Column } from "../../output/table.ts";
import { runChange } from "../../run-change.ts";
import { usageError } from "../../usage-error.ts";

interface Flags extends ChangeFlags, EngineFlags {
  readonly plan?: string;
  readonly protected?: true;
}

const COLUMNS: readonly Column<LeavingView>[] = [
  { title: "LAYER", value: (one) => one.layer },
  { title: "OBJECT", value: (one) => one.object },
  { title: "WHY", value: (one) => one.why },
];

export function registerClusterPrune(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "prune", {
    summary: "show what a sync stopped before deleting, and what it kept; let it go on",
    details:
      "A sync that would delete more than half of a cluster's objects, and more than 10, stops. Without --plan this " +
      "lists them and their id; --plan commits that they go. With --protected the id stands for the kept volumes too: " +
      "their data is lost. Asks the running engine, or without one the cluster itself.",
    examples: [
      "cluster prune aws-cluster",
      "cluster prune aws-cluster --plan 0f5e9b21c4d83a76 --wait",
      "cluster prune aws-cluster --protected",
    ],
  })
    .argument("<cluster>", "the cluster")
    .option("--plan <id>", "let go what this id stands for")
    .option("--protected", "volumes that were kept, and their claims, too");
  addChangeOptions(addEngineOptions(command)).action(
    bind(host, (context, cluster: string, flags: Flags) =>
      flags.plan === undefined ? show(context, cluster, flags) : approve(context, cluster, flags.plan, flags),
    ),
  );
}

async function show(context: CommandContext, cluster: string, flags: Flags): Promise<ExitCode | undefined> {
  if (flags.message ?? flags.dryRun ?? flags.wait)
    throw usageError("--message, --dry-run and --wait need --plan");
  const view = await look(context, cluster, flags);
  const { printer } = context;
  for (const problem of view.problems) printer.problem(problem);
  printer.data(view, () => render(view, printer, flags.protected === true));
  return view.problems.length === 0 ? undefined : EXIT_CODES.failed;
}

async function approve(
  context: CommandContext,
  cluster: string,
  plan: string,
  flags: Flags,
): Promise<ExitCode | undefined> {
  if (!/^[0-9a-f]{16}$/.test(plan))
    throw usageError(`"${plan}" is no id of a plan`, `\`strata cluster prune ${cluster}\` prints it`);
  const { approvePrune } = await import("../../../engine/actions/index.ts");
  const now = await look(context, cluster, flags);
  const approval = { cluster, plan, volumes: flags.protected === true, now };
  return runChange(context, flags, (repo, options) => approvePrune(repo, approval, options));
}

async function look(context: CommandContext, cluster: string, flags: Flags): Promise<PruneView> {
  const live = await context.live();
  if (live !== undefined) return live.prune(cluster, context.signal);
  const { pruneHere } = await import("../../engine/prune-here.ts");
  return pruneHere(context, cluster, flags);
}

function render(view: PruneView, printer: Printer, withVolumes: boolean): string {
  const { cluster, massDeletion, stopped, volumes, kept, idWithVolumes } = view;
  const { style } = printer;
  const command = `strata cluster prune ${cluster}`;
  const parts: string[] = [];
  if (massDeletion !== null) {
    const { id, deletes, of } = massDeletion;
    const title = `a sync of ${cluster} would delete ${deletes} of ${of} objects: it stops before that`;
    parts.push(`${style("bold", title)}\n${printer.table(COLUMNS, stopped)}`);
    if (!withVolumes || volumes.length === 0)
      parts.push(`Let them go with: ${command} --plan ${style("yellow", id)}\n`);
  }
  if (volumes.length > 0) {
    parts.push(`${style("bold", "kept: they hold data")}\n${printer.table(COLUMNS, volumes)}`);
    const what = massDeletion === null ? "them" : "all of it";
    parts.push(
      withVolumes
        ? `Let ${what} go, data and all, with: ${command} --protected --plan ${style("yellow", idWithVolumes ?? "")}\n`
        : `To let their data go too: ${command} --protected\n`,
    );
  }
  if (kept.length > 0)
    parts.push(`${style("bold", "kept until what is named is gone")}\n${printer.table(COLUMNS, kept)}`);
  if (parts.length > 0) return parts.join("\n");
  return view.problems.length > 0 ? "" : `nothing that left ${cluster} is stopped or kept\n`;
}
