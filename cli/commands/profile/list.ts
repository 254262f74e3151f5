import type { Command } from "commander";
import type { ProfileView } from "../../../engine/model/view.ts";
import { addCommand } from "../../add-command.ts";
import { bind, type CliHost } from "../../context.ts";
import type { Column } from "../../output/table.ts";

const COLUMNS: readonly Column<ProfileView>[] = [
  { title: "NAME", value: (profile) => profile.name },
  { title: "TYPE", value: (profile) => profile.type },
  { title: "VERSIONS", value: versions },
  {
    title: "CLUSTERS",
    value: (profile) => String(new Set(profile.versions.flatMap((one) => one.usedBy)).size),
  },
  { title: "TAGS", value: (profile) => profile.tags.join(", ") },
  { title: "DESCRIPTION", value: (profile) => profile.description },
];

export function registerProfileList(parent: Command, host: CliHost): void {
  addCommand(parent, "list", {
    summary: "list profiles with their versions",
    examples: ["profile list", "profile list -o json"],
  }).action(
    bind(host, async (context) => {
      const { listProfiles } = await import("../../../engine/fleet/index.ts");
      const profiles = await listProfiles(await context.repository(), { signal: context.signal });
      context.printer.data(profiles, () => context.printer.table(COLUMNS, profiles));
      return undefined;
    }),
  );
}

function versions(profile: ProfileView): string {
  return profile.versions
    .filter((one) => !one.deleted)
    .map((one) => `${one.version}${one.onMain ? "*" : ""}`)
    .join(", ");
}
