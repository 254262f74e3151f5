import type { Command } from "commander";
import type { CliHost } from "../context.ts";
import { registerUse } from "./cluster/choose-version.ts";
import { registerRollback } from "./cluster/rollback.ts";

/** `strata use` and `strata rollback`, for who types in a hurry. */
export function registerShortcuts(program: Command, host: CliHost): void {
  registerUse(program, host, { hidden: true });
  registerRollback(program, host, { hidden: true });
}
