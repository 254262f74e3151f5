import type { Command } from "commander";
import type { ClusterHistoryView } from "../../../engine/model/view.ts";
import { addCommand } from "../../add-command.ts";
import { bind, type CliHost } from "../../context.ts";
import type { Column } from "../../output/table.ts";
import { minuteOf } from "../../output/time-text.ts";

const COLUMNS: readonly Column<ClusterHistoryView>[] = [
  { title: "COMMIT", value: (one) => one.commit.slice(0, 12) },
  { title: "TIME", value: (one) => minuteOf(one.time) },
  { title: "AUTHOR", value: (one) => one.author.replace(/ <.*>$/, "") },
  { title: "PROFILES", value: profiles },
  { title: "SUBJECT", value: (one) => one.subject },
];

export function registerClusterHistory(parent: Command, host: CliHost): void {
  addCommand(parent, "history", {
    summary: "list the states that a cluster had, newest first",
    examples: ["cluster history aws-cluster"],
  })
    .argument("<cluster>", "the cluster")
    .action(
      bind(host, async (context, cluster: string) => {
        const { clusterHistory } = await import("../../../engine/fleet/index.ts");
        const states = await clusterHistory(
          await context.repository(),
          { cluster },
          { signal: context.signal },
        );
        context.printer.data(states, () => context.printer.table(COLUMNS, states));
        return undefined;
      }),
    );
}

function profiles(state: ClusterHistoryView): string {
  return state.profiles
    .map(({ name, version, revision }) => `${name}@${version}${revision === null ? "" : ` r${revision}`}`)
    .join(", ");
}
