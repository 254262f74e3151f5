import type { ClusterView } from "../engine/model/view.ts";
import type { ChangeOptions, ChangeResult } from "../engine/repo/change.ts";
import type { Repository } from "../engine/repo/repository.ts";
import type { ChangeFlags } from "./change-options.ts";
import type { CommandContext } from "./context.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import type { Live } from "./live/types.ts";
import { requireEngine } from "./live/require-engine.ts";
import { parseDuration } from "./parse-argument.ts";
import { exitCodeOf, syncWithProgress } from "./sync-with-progress.ts";

/** One of the engine's actions, its arguments bound. */
type ChangeAction = (repo: Repository, options: ChangeOptions) => Promise<ChangeResult>;

/** Carries out a change, prints the commit, and with `--wait` follows it into the clusters. */
export async function runChange(
  context: CommandContext,
  flags: ChangeFlags,
  action: ChangeAction,
): Promise<ExitCode | undefined> {
  const { printer, signal } = context;
  const timeout = parseDuration(flags.timeout ?? "15m");
  const wait = flags.wait === true && flags.dryRun !== true;
  // Asked for before the commit: a change that cannot be followed as told is not made.
  const live = wait ? await requireEngine(context, "--wait follows the clusters through one") : undefined;
  const repo = await context.repository();
  const result = await action(repo, { message: flags.message, dryRun: flags.dryRun, signal });
  for (const warning of result.warnings)
    printer.problem({ ...warning, severity: warning.severity ?? "warning" });
  const { renderChange } = await import("./output/change-text.ts");
  if (live === undefined || result.clusters.length === 0) {
    printer.data(result, () => renderChange(result, printer, flags.dryRun === true));
    return result.warnings.some(({ severity }) => severity === "error") ? EXIT_CODES.failed : undefined;
  }
  if (printer.format === "table") printer.data(result, () => renderChange(result, printer, false));
  const views = await followChange(context, live, result, timeout);
  // For programs everything is one document.
  if (printer.format === "json") printer.data({ ...result, live: views }, () => "");
  return exitCodeOf(views);
}

async function followChange(
  context: CommandContext,
  live: Live,
  result: ChangeResult,
  timeout: number,
): Promise<readonly ClusterView[]> {
  try {
    return await syncWithProgress(context, live, result.clusters, timeout);
  } catch (error) {
    if (context.signal.aborted) context.printer.note(whatGoesOn(result));
    throw error;
  }
}

/** What an interrupted wait does not end. */
function whatGoesOn({ commit, clusters }: ChangeResult): string {
  const stands = commit === null ? "" : `commit ${commit.slice(0, 12)} stands, and `;
  const where = clusters.length === 1 ? `strata cluster show ${clusters[0]}` : "strata status";
  return `${stands}the engine goes on by itself; \`${where}\` shows how far it is`;
}
