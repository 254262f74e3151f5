import type { Command } from "commander";

/** The options of every command that changes something. */
export interface ChangeFlags {
  readonly message?: string;
  readonly dryRun?: true;
  readonly wait?: true;
  readonly timeout?: string;
}

export function addChangeOptions(command: Command): Command {
  return addWaitTimeout(
    command
      .option("-m, --message <text>", "the commit's message")
      .option("--dry-run", "show the diff, commit nothing")
      .option("--wait", "show progress until the clusters touched are healthy or failed"),
  );
}

export function addWaitTimeout(command: Command): Command {
  return command.option("--timeout <span>", "how long to wait for clusters, such as 90s or 10m", "15m");
}
