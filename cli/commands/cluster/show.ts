import type { Command } from "commander";
import type { ClusterProfileView, ClusterView, LayerView, OverrideView } from "../../../engine/model/view.ts";
import { showValue } from "../../../engine/model/show-value.ts";
import { addCommand } from "../../add-command.ts";
import { bind, type CliHost, type CommandContext } from "../../context.ts";
import { NO_LIVE_STATE } from "../../live/require-engine.ts";
import { renderFields } from "../../output/fields.ts";
import type { Printer } from "../../output/printer.ts";
import { renderProblem } from "../../output/problem-text.ts";
import type { Column } from "../../output/table.ts";
import { minuteOf } from "../../output/time-text.ts";
import { describeProfile } from "./list.ts";

interface LayerRow extends LayerView {
  readonly profile: string;
}

const LAYERS: readonly Column<LayerRow>[] = [
  { title: "PROFILE", value: (row) => row.profile },
  { title: "LAYER", value: (row) => row.name },
  { title: "TYPE", value: (row) => row.type },
  { title: "STATE", value: (row) => row.state, state: true },
  { title: "MESSAGE", value: (row) => row.message },
];

const OVERRIDES: readonly Column<OverrideView>[] = [
  { title: "OVERRIDE IN", value: (one) => `${one.profile}/${one.layer}`, entry: "above" },
  { title: "OBJECT", value: (one) => one.object, entry: "above" },
  { title: "PATH", value: (one) => one.path },
  { title: "STATE", value: (one) => one.state, state: true },
  { title: "THIS CLUSTER", value: (one) => showValue(one.value), entry: "own" },
  {
    title: "PROFILE",
    entry: "own",
    value: (one) => (one.state === "orphaned" ? "gone" : showValue(one.profileValue)),
  },
];

export function registerClusterShow(parent: Command, host: CliHost): void {
  addCommand(parent, "show", {
    summary: "show a cluster: what it runs, its layers, addresses and what holds it up",
    examples: ["cluster show aws-cluster", "cluster show aws-cluster -o json"],
  })
    .argument("<cluster>", "the cluster")
    .action(
      bind(host, async (context, name: string) => {
        const view = await loadCluster(context, name);
        context.printer.data(view, () => render(view, context.printer));
        return undefined;
      }),
    );
}

async function loadCluster(context: CommandContext, cluster: string): Promise<ClusterView> {
  const live = await context.live();
  if (live !== undefined) return live.cluster(cluster, context.signal);
  const { showCluster } = await import("../../../engine/fleet/index.ts");
  const view = await showCluster(await context.repository(), { cluster }, { signal: context.signal });
  context.printer.note(NO_LIVE_STATE);
  return view;
}

/** What there is of a profile that is newer than what is locked. */
export function describeNewer({ name, version, newer, updatesAvailable }: ClusterProfileView): string[] {
  if (newer === null) return [];
  return [`${name}@${version} revision ${newer}${updatesAvailable ? "" : ", no effect"}`];
}

function render(view: ClusterView, printer: Printer): string {
  const { lastSync } = view;
  const fields = renderFields(printer.style, [
    ["Name", view.name],
    ["Health", view.message === "" ? view.health : `${view.health}: ${view.message}`],
    ["Connection", view.connection],
    ["Tags", view.tags.join(", ")],
    ["Profiles", view.profiles.map(describeProfile).join("\n")],
    ["Updates", view.profiles.flatMap(describeNewer).join("\n")],
    ["Addresses", view.urls.join("\n")],
    [
      "Last sync",
      lastSync === null ? "" : `${lastSync.commit.slice(0, 12)}, ${minuteOf(lastSync.startedAt)}`,
    ],
  ]);
  const rows = view.profiles.flatMap((profile) =>
    profile.layers.map((layer) => ({ ...layer, profile: profile.name })),
  );
  const layers = rows.length === 0 ? "" : `\n${printer.table(LAYERS, rows)}`;
  const overrides = view.overrides.length === 0 ? "" : `\n${printer.whole(OVERRIDES, view.overrides)}`;
  const blocked = view.blockedBy.map((problem) => renderProblem(problem, printer.style)).join("");
  return fields + layers + overrides + (blocked === "" ? "" : `\n${blocked}`);
}
