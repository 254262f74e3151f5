import type { Command } from "commander";
import type { WorkloadView } from "../../../engine/model/view.ts";
import { addCommand } from "../../add-command.ts";
import { bind, type CliHost } from "../../context.ts";
import { requireEngine } from "../../live/require-engine.ts";
import type { Column } from "../../output/table.ts";

interface Flags {
  readonly namespace?: string;
}

const COLUMNS: readonly Column<WorkloadView>[] = [
  { title: "NAMESPACE", value: (one) => one.namespace },
  { title: "KIND", value: (one) => one.kind },
  { title: "NAME", value: (one) => one.name },
  { title: "READY", value: (one) => one.ready },
  { title: "HEALTH", value: (one) => one.health, state: true },
  { title: "LAYER", value: (one) => one.layer },
  { title: "MESSAGE", value: (one) => one.message },
];

export function registerClusterWorkloads(parent: Command, host: CliHost): void {
  addCommand(parent, "workloads", {
    summary: "list the objects that Strata runs in a cluster",
    details: "Asks the running engine.",
    examples: ["cluster workloads aws-cluster", "cluster workloads aws-cluster --namespace hello-universe"],
  })
    .argument("<cluster>", "the cluster")
    .option("-n, --namespace <name>", "only those of one namespace")
    .action(
      bind(host, async (context, name: string, flags: Flags) => {
        const live = await requireEngine(context, "it alone knows what runs");
        const workloads = await live.workloads(name, flags.namespace, context.signal);
        context.printer.data(workloads, () => context.printer.table(COLUMNS, workloads));
        return undefined;
      }),
    );
}
