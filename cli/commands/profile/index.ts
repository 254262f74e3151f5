import type { Command } from "commander";
import type { CliHost } from "../../context.ts";
import { registerTags } from "../tags.ts";
import { registerProfileDiff } from "./diff.ts";
import { registerProfileEdit } from "./edit.ts";
import { registerProfileHistory } from "./history.ts";
import { registerProfileList } from "./list.ts";
import { registerProfileShow } from "./show.ts";
import { registerProfileVersions } from "./versions.ts";

export function registerProfile(program: Command, host: CliHost): void {
  const profile = program
    .command("profile")
    .helpCommand(false)
    .summary("profiles and their versions")
    .description("Profiles and their versions");
  registerProfileList(profile, host);
  registerProfileShow(profile, host);
  registerProfileVersions(profile, host);
  registerProfileEdit(profile, host);
  registerProfileDiff(profile, host);
  registerProfileHistory(profile, host);
  registerTags(profile, host, "profile");
}
