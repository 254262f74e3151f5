import { type Command, Option } from "commander";
import { addCommand } from "../../add-command.ts";
import type { PlanView } from "../../../engine/model/plan.ts";
import { bind, type CliHost, type CommandContext } from "../../context.ts";
import { addEngineOptions, type EngineFlags } from "../../engine/engine-options.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import type { CliIo } from "../../io.ts";
import { nextStep } from "../../output/next-step.ts";
import { terminalWidth } from "../../output/printer.ts";
import type { DiffStyle } from "../../output/update-text.ts";
import { describeNewer } from "./show.ts";

const STYLES = ["auto", "unified", "side-by-side"] as const;
/** Two texts beside each other need this many columns. */
const WIDE = 110;
/** So many are taken where nothing says how many there are. */
const UNTOLD = 160;

interface Flags extends EngineFlags {
  readonly serverDryRun?: true;
  readonly diff?: true | (typeof STYLES)[number];
}

export function registerClusterUpdates(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "updates", {
    summary: "show the pending updates of a cluster: what they change, and what becomes of its overrides",
    details:
      "No cluster is touched, or asked without --server-dry-run. An override is kept where the profile did not change its place, in conflict " +
      "where it did (it is kept if you say nothing), redundant where the profile now says the same, and orphaned " +
      "where its place is gone.",
    examples: [
      "cluster updates aws-cluster",
      "cluster updates aws-cluster --diff",
      "cluster updates aws-cluster --diff=unified",
      "cluster updates aws-cluster --server-dry-run",
      "cluster updates aws-cluster -o json",
    ],
    failed: "failed; with --server-dry-run also: the cluster would refuse an object",
  })
    .argument("<cluster>", "the cluster")
    .addOption(
      new Option(
        "--diff [style]",
        "show current and pending texts: side by side in a terminal that has the room, else unified",
      )
        .choices(STYLES)
        .preset("auto"),
    )
    .option(
      "--server-dry-run",
      "also ask the cluster what it makes of each object: admission, immutable fields, what is there already",
    );
  addEngineOptions(command).action(
    bind(host, async (context, cluster: string, flags: Flags) => {
      const { printer, io } = context;
      const plans = await planUpdates(context, cluster, flags);
      const width = widthOf(io);
      const none = plans.length === 0 ? await nothingPending(context, cluster) : "";
      const { renderUpdate } = await import("../../output/update-text.ts");
      printer.data(plans, () => {
        if (none !== "") return none;
        const shown = plans.map((plan) => renderUpdate(plan, printer, styleOf(flags, io, width), width));
        return `${shown.join("\n")}\n${nextStep(cluster, plans)}`;
      });
      const isRefused = plans.some(({ effects }) => effects.some(({ problem }) => problem !== undefined));
      return isRefused ? EXIT_CODES.failed : undefined;
    }),
  );
}

/** From the repository alone, or with a dry run by the running engine, or by this process where none runs. */
async function planUpdates(
  context: CommandContext,
  cluster: string,
  flags: Flags,
): Promise<readonly PlanView[]> {
  const { signal } = context;
  if (flags.serverDryRun !== true) {
    const fleet = await import("../../../engine/fleet/index.ts");
    return fleet.planUpdates(await context.repository(), { cluster }, { signal });
  }
  const live = await context.live();
  if (live !== undefined) return live.tryUpdates(cluster, signal);
  const { updatesHere } = await import("../../engine/updates-here.ts");
  return updatesHere(context, cluster, flags);
}

/** That there is nothing to confirm, and what newer revisions there are without effect. */
async function nothingPending(context: CommandContext, cluster: string): Promise<string> {
  const { showCluster } = await import("../../../engine/fleet/index.ts");
  const view = await showCluster(await context.repository(), { cluster }, { signal: context.signal });
  const newer = view.profiles.flatMap(describeNewer).map((text) => `${text}\n`);
  return `${cluster} has no pending update\n${newer.join("")}`;
}

function styleOf({ diff }: Flags, { stdout }: CliIo, width: number): DiffStyle {
  if (diff === undefined) return "none";
  if (diff === "unified" || diff === "side-by-side") return diff;
  return stdout.isTTY === true && width >= WIDE ? "side-by-side" : "unified";
}

/** Columns for two texts beside each other; where no terminal says, $COLUMNS does. */
function widthOf({ stdout, env }: CliIo): number {
  const told = Number(env.COLUMNS);
  return terminalWidth(stdout) ?? (Number.isInteger(told) && told > 0 ? told : UNTOLD);
}
