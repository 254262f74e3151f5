import type { Command } from "commander";
import { collect } from "./collect.ts";

/** For commands that may give overridden paths up. */
export function addDropOption(command: Command): Command {
  return command.option(
    "--drop <path>",
    "an overridden path that is to go, as `cluster show` names it; may be given again",
    collect,
    [],
  );
}
