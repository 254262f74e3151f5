import type { Command } from "commander";
import type { ClusterView, StatusView } from "../../engine/model/view.ts";
import { addCommand } from "../add-command.ts";
import { bind, type CliHost, type CommandContext } from "../context.ts";
import { renderBlockers } from "../output/clusters-text.ts";
import { renderFields } from "../output/fields.ts";
import { renderProblem } from "../output/problem-text.ts";
import { CLUSTER_COLUMNS, loadClusters } from "./cluster/list.ts";

/** What `status -o json` prints; `engine` is null where none runs. */
interface StatusData {
  readonly engine: StatusView | null;
  readonly clusters: readonly ClusterView[];
}

export function registerStatus(program: Command, host: CliHost): void {
  addCommand(program, "status", {
    summary: "show the engine and every cluster at a glance",
    examples: ["status", "status -o json"],
  }).action(
    bind(host, async (context) => {
      const live = await context.live();
      const engine = live === undefined ? null : await live.status(context.signal);
      const data = { engine, clusters: await loadClusters(context) };
      context.printer.data(data, () => render(data, live?.description ?? "none runs", context));
      return undefined;
    }),
  );
}

function render({ engine, clusters }: StatusData, description: string, { printer }: CommandContext): string {
  const fields = renderFields(printer.style, [
    ["Engine", description],
    ["Main", engine?.head?.slice(0, 12) ?? ""],
    ["Ready", engine === null ? "" : engine.ready ? "yes" : "no"],
    ["Clusters", String(clusters.length)],
  ]);
  const table = clusters.length === 0 ? "" : `\n${printer.table(CLUSTER_COLUMNS, clusters)}`;
  const problems = (engine?.problems ?? []).map((problem) => renderProblem(problem, printer.style));
  const reasons = problems.join("") + renderBlockers(clusters, printer);
  return fields + table + (reasons === "" ? "" : `\n${reasons}`);
}
