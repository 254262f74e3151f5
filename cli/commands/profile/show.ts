import type { Command } from "commander";
import type { ProfileDetailView, VersionView } from "../../../engine/model/view.ts";
import { addCommand } from "../../add-command.ts";
import { bind, type CliHost } from "../../context.ts";
import { renderFields } from "../../output/fields.ts";
import type { Printer } from "../../output/printer.ts";
import type { Column } from "../../output/table.ts";
import { parseProfile } from "../../parse-argument.ts";

type LayerRow = ProfileDetailView["layers"][number];

const LAYERS: readonly Column<LayerRow>[] = [
  { title: "LAYER", value: (layer) => layer.name },
  { title: "TYPE", value: (layer) => layer.type },
  { title: "FILES", value: (layer) => layer.files.join(", ") },
];

const VERSIONS: readonly Column<VersionView>[] = [
  { title: "VERSION", value: (one) => one.version },
  { title: "REVISION", value: (one) => (one.revision === null ? "" : String(one.revision)) },
  { title: "WHERE", value: where },
  { title: "CLUSTERS", value: (one) => one.usedBy.join(", ") },
];

export function registerProfileShow(parent: Command, host: CliHost): void {
  addCommand(parent, "show", {
    summary: "show a profile, its versions and the layers of one of them",
    examples: ["profile show hello-universe", "profile show hello-universe@1.0.0"],
  })
    .argument("<profile[@version]>", "without a version: the one on main")
    .action(
      bind(host, async (context, name: string) => {
        const { showProfile } = await import("../../../engine/fleet/index.ts");
        const view = await showProfile(await context.repository(), parseProfile(name), {
          signal: context.signal,
        });
        context.printer.data(view, () => render(view, context.printer));
        return undefined;
      }),
    );
}

function render(view: ProfileDetailView, printer: Printer): string {
  const fields = renderFields(printer.style, [
    ["Name", view.name],
    ["Type", view.type],
    ["Description", view.description],
    ["Tags", view.tags.join(", ")],
    ["Layers of", view.version],
  ]);
  return `${fields}\n${printer.table(LAYERS, view.layers)}\n${printer.table(VERSIONS, view.versions)}`;
}

function where(version: VersionView): string {
  if (version.deleted) return "deleted";
  if (version.onMain) return "main";
  return version.branch === null ? "tag" : `branch ${version.branch}`;
}
