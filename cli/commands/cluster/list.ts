import type { Command } from "commander";
import type { ClusterProfileView, ClusterView } from "../../../engine/model/view.ts";
import { addCommand } from "../../add-command.ts";
import { bind, type CliHost, type CommandContext } from "../../context.ts";
import { NO_LIVE_STATE, requireEngine } from "../../live/require-engine.ts";
import { renderBlockers } from "../../output/clusters-text.ts";
import type { Column } from "../../output/table.ts";

interface Flags {
  readonly filter?: string;
}

export const CLUSTER_COLUMNS: readonly Column<ClusterView>[] = [
  { title: "NAME", value: (cluster) => cluster.name },
  { title: "HEALTH", value: (cluster) => cluster.health, state: true },
  { title: "PROFILES", value: (cluster) => cluster.profiles.map(describeProfile).join(", ") },
  {
    title: "UPDATES",
    value: (cluster) => (cluster.profiles.some((one) => one.updatesAvailable) ? "available" : "none"),
  },
  { title: "CONNECTION", value: (cluster) => cluster.connection },
  { title: "TAGS", value: (cluster) => cluster.tags.join(", ") },
];

export function registerClusterList(parent: Command, host: CliHost): void {
  addCommand(parent, "list", {
    summary: "list clusters, all or those that pass a filter",
    details:
      "Filter fields: tags, name, profile, version, health, updates. Operators: is, is not, contains; and, or, " +
      "parentheses. Health is known to a running engine alone.",
    examples: [
      "cluster list",
      "cluster list --filter 'tags is service:hello-universe-frontend'",
      "cluster list --filter 'health is not healthy and (version is 1.0.0 or updates is available)'",
    ],
  })
    .option("--filter <expression>", "only clusters that pass it")
    .action(
      bind(host, async (context, flags: Flags) => {
        const clusters =
          flags.filter === undefined
            ? await loadClusters(context)
            : await loadFiltered(context, flags.filter);
        const { printer } = context;
        printer.data(clusters, () => {
          const blockers = renderBlockers(clusters, printer);
          return printer.table(CLUSTER_COLUMNS, clusters) + (blockers === "" ? "" : `\n${blockers}`);
        });
        return undefined;
      }),
    );
}

/** The clusters that pass a filter. Throws `filter-invalid`, and `engine-not-running` where it takes one to tell. */
export async function loadFiltered(
  context: CommandContext,
  expression: string,
): Promise<readonly ClusterView[]> {
  const { matchesFilter, needsLiveState, parseFilter } = await import("../../../engine/model/filter.ts");
  const filter = parseFilter(expression);
  if (needsLiveState(filter))
    await requireEngine(context, "the filter asks for health, which it alone knows");
  return (await loadClusters(context)).filter((cluster) => matchesFilter(filter, cluster));
}

/** All clusters: the engine's word where one runs, else the repository's. */
export async function loadClusters(context: CommandContext): Promise<readonly ClusterView[]> {
  const live = await context.live();
  if (live !== undefined) return live.clusters(context.signal);
  const { listClusters } = await import("../../../engine/fleet/index.ts");
  const clusters = await listClusters(await context.repository(), { signal: context.signal });
  if (clusters.length > 0) context.printer.note(NO_LIVE_STATE);
  return clusters;
}

export function describeProfile(profile: ClusterProfileView): string {
  return `${profile.name}@${profile.version}${profile.revision === null ? "" : ` r${profile.revision}`}`;
}
