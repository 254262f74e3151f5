import type { Command } from "commander";
import type { UpdateView } from "../../engine/model/plan.ts";
import { addCommand } from "../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../change-options.ts";
import { askYesNo, isInteractive } from "../ask-yes-no.ts";
import { bind, type CliHost, type CommandContext } from "../context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { Column } from "../output/table.ts";
import { runChange } from "../run-change.ts";
import { loadFiltered } from "./cluster/list.ts";

interface Flags {
  readonly filter?: string;
}

interface ConfirmFlags extends ChangeFlags {
  readonly filter: string;
  readonly yes?: true;
}

const COLUMNS: readonly Column<UpdateView>[] = [
  { title: "CLUSTER", value: (one) => one.cluster },
  { title: "PROFILE", value: (one) => `${one.profile}@${one.version}` },
  { title: "REVISION", value: (one) => `${one.from ?? "?"} → ${one.to ?? "?"}` },
  { title: "CHANGES", value: describeChanges },
  { title: "OVERRIDES", value: describeOverrides },
  { title: "PLAN", value: (one) => one.plan },
];

export function registerUpdates(program: Command, host: CliHost): void {
  const updates = program
    .command("updates")
    .helpCommand(false)
    .summary("pending updates of all clusters")
    .description("Pending updates of all clusters");
  registerList(updates, host);
  registerConfirm(updates, host);
}

function registerList(updates: Command, host: CliHost): void {
  addCommand(updates, "list", {
    summary: "list them; so does `strata updates` alone",
    details: "Computed from the repository: no cluster is asked.",
    isDefault: true,
    examples: ["updates list --filter 'tags is service:hello-universe-frontend'", "updates -o json"],
  })
    .option("--filter <expression>", "only clusters that pass it (see `strata cluster list --help`)")
    .action(
      bind(host, async (context, flags: Flags) => {
        const found = await loadUpdates(context, flags.filter);
        context.printer.data(found, () =>
          found.length === 0 ? "no updates are pending\n" : renderUpdates(found, context),
        );
        return undefined;
      }),
    );
}

function registerConfirm(updates: Command, host: CliHost): void {
  const command = addCommand(updates, "confirm", {
    summary: "confirm the pending updates of many clusters, in one commit",
    details:
      "Shows what there is, and in a terminal asks before it confirms it; overrides stay as they are. --dry-run only " +
      "shows. A cluster with an override whose place is gone stops all: confirm it by itself, with a decision.",
    failed: "failed, or the answer was no",
    examples: [
      "updates confirm --filter 'tags is stage:dev' --wait",
      "updates confirm --filter 'profile is hello-universe' --dry-run",
    ],
  })
    .requiredOption("--filter <expression>", "the clusters")
    .option("-y, --yes", "do not ask");
  addChangeOptions(command).action(
    bind(host, async (context, flags: ConfirmFlags) => {
      const { confirmUpdates } = await import("../../engine/actions/index.ts");
      const found = await loadUpdates(context, flags.filter);
      const { printer } = context;
      if (found.length === 0) {
        printer.data({ commit: null, clusters: [] }, () => "no updates are pending\n");
        return undefined;
      }
      if (printer.format === "table") printer.data(found, () => renderUpdates(found, context));
      const asks = flags.yes !== true && flags.dryRun !== true && isInteractive(context.io);
      if (asks && !(await askYesNo(context.io, `Confirm ${countUpdates(found)}?`))) {
        printer.note("nothing was confirmed");
        return EXIT_CODES.failed;
      }
      const confirmations = [...Map.groupBy(found, (one) => one.cluster)].map(([cluster, updates]) => ({
        cluster,
        plans: updates.map(({ plan }) => plan),
        drop: [],
        edited: new Map<string, string>(),
      }));
      return runChange(context, flags, (repo, options) => confirmUpdates(repo, confirmations, options));
    }),
  );
}

async function loadUpdates(context: CommandContext, filter: string | undefined): Promise<UpdateView[]> {
  const { listUpdates } = await import("../../engine/fleet/index.ts");
  const repo = await context.repository();
  const clusters = filter === undefined ? undefined : await clustersThatPass(context, filter);
  return listUpdates(repo, { clusters }, { signal: context.signal });
}

async function clustersThatPass(context: CommandContext, expression: string): Promise<string[]> {
  const clusters = await loadFiltered(context, expression);
  // An orphan runs on, but has no directory that could be updated
  const present = clusters.filter(({ blockedBy }) =>
    blockedBy.every(({ code }) => code !== "cluster-orphaned"),
  );
  return present.map(({ name }) => name);
}

function renderUpdates(updates: readonly UpdateView[], { printer }: CommandContext): string {
  const orphaned = updates.filter(({ overrides }) => overrides.orphaned > 0).length;
  const decide = orphaned === 0 ? "" : printer.style("red", `, ${orphaned} with overrides to decide about`);
  const deleting = updates.filter(({ massDeletion }) => massDeletion !== undefined).length;
  const warn = deleting === 0 ? "" : printer.style("red", `, ${deleting} of them a mass deletion`);
  return `${printer.table(COLUMNS, updates)}${countUpdates(updates, "pending ")}${warn}${decide}\n`;
}

function countUpdates(updates: readonly UpdateView[], kind = ""): string {
  const clusters = new Set(updates.map(({ cluster }) => cluster)).size;
  return `${updates.length} ${kind}${updates.length === 1 ? "update" : "updates"} in ${clusters} ${clusters === 1 ? "cluster" : "clusters"}`;
}

function describeChanges({ changes, massDeletion, problems }: UpdateView): string {
  if (problems.length > 0) return "cannot be rendered";
  if (massDeletion === undefined) return String(changes);
  return `${changes}, deletes ${massDeletion.deletes} of ${massDeletion.of} objects`;
}

function describeOverrides({ overrides }: UpdateView): string {
  const parts = Object.entries(overrides).flatMap(([state, count]) =>
    count === 0 ? [] : [`${count} ${state}`],
  );
  return parts.length === 0 ? "none" : parts.join(", ");
}
