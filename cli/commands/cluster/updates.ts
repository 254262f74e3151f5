import { type Command, Option } from "commander";
import { addCommand } from "../../add-command.ts";
import { bind, type CliHost } from "../../context.ts";
import { type DiffStyle, renderUpdate } from "../../output/update-text.ts";

const STYLES = ["auto", "unified", "side-by-side"] as const;
/** Two texts beside each other need this many columns. */
const WIDE = 110;

interface Flags {
  readonly diff?: true | (typeof STYLES)[number];
}

export function registerClusterUpdates(parent: Command, host: CliHost): void {
  addCommand(parent, "updates", {
    summary: "show the pending updates of a cluster: what they change, and what becomes of its overrides",
    details:
      "No cluster is touched or asked. An override is kept where the profile did not change its place, in conflict " +
      "where it did (it is kept if you say nothing), redundant where the profile now says the same, and orphaned " +
      "where its place is gone.",
    examples: [
      "cluster updates aws-cluster",
      "cluster updates aws-cluster --diff",
      "cluster updates aws-cluster --diff=unified",
      "cluster updates aws-cluster -o json",
    ],
  })
    .argument("<cluster>", "the cluster")
    .addOption(
      new Option("--diff [style]", "show current and pending texts: side by side where there is room")
        .choices(STYLES)
        .preset("auto"),
    )
    .action(
      bind(host, async (context, cluster: string, flags: Flags) => {
        const { planUpdates } = await import("../../../engine/fleet/index.ts");
        const { printer, io } = context;
        const plans = await planUpdates(await context.repository(), { cluster }, { signal: context.signal });
        const width = io.stdout.columns ?? 160;
        printer.data(plans, () => {
          if (plans.length === 0) return `${cluster} has no pending update\n`;
          const shown = plans.map((plan) => renderUpdate(plan, printer, styleOf(flags, width), width));
          return `${shown.join("\n")}\nConfirm with: strata cluster confirm ${cluster}${plans.length === 1 ? ` --plan ${plans[0]?.plan ?? ""}` : ""}\n`;
        });
        return undefined;
      }),
    );
}

function styleOf({ diff }: Flags, width: number): DiffStyle {
  if (diff === undefined) return "none";
  if (diff === "unified" || diff === "side-by-side") return diff;
  return width >= WIDE ? "side-by-side" : "unified";
}
