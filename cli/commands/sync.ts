import type { Command } from "commander";
import { addCommand } from "../add-command.ts";
import { addWaitTimeout } from "../change-options.ts";
import { bind, type CliHost, type CommandContext } from "../context.ts";
import { addEngineOptions, type EngineFlags } from "../engine/engine-options.ts";
import type { Syncing } from "../live/types.ts";
import { renderBlockers } from "../output/clusters-text.ts";
import { parseDuration } from "../parse-argument.ts";
import { exitCodeOf, syncWithProgress } from "../sync-with-progress.ts";
import { CLUSTER_COLUMNS } from "./cluster/list.ts";

interface Flags extends EngineFlags {
  readonly timeout: string;
}

export function registerSync(program: Command, host: CliHost): void {
  const command = addCommand(program, "sync", {
    summary: "one pass: make clusters match the repository, and wait for them",
    details: "Asks the running engine; without one this process does it, for all clusters but sandboxes.",
    examples: ["sync", "sync aws-cluster --timeout 5m", "sync --allow-context kind-dev"],
    failed: "a cluster is not healthy",
  }).argument("[cluster...]", "only these clusters");
  addWaitTimeout(addEngineOptions(command)).action(
    bind(host, async (context, names: string[], flags: Flags) => {
      const { printer } = context;
      const clusters = names.length === 0 ? undefined : names;
      const live = (await context.live()) ?? (await engineHere(context, clusters, flags));
      const views = await syncWithProgress(context, live, clusters, parseDuration(flags.timeout));
      printer.data(views, () => printer.table(CLUSTER_COLUMNS, views) + renderBlockers(views, printer));
      return exitCodeOf(views);
    }),
  );
}

async function engineHere(
  context: CommandContext,
  only: readonly string[] | undefined,
  flags: EngineFlags,
): Promise<Syncing> {
  const { startEngineHere } = await import("../engine/engine-here.ts");
  return startEngineHere(context, only, flags);
}
