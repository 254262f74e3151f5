import { Command, Option } from "commander";
import { registerCluster } from "./commands/cluster/index.ts";
import { registerCheck } from "./commands/check.ts";
import { registerComplete } from "./commands/complete.ts";
import { registerCompletion } from "./commands/completion.ts";
import { registerDemo } from "./commands/demo.ts";
import { registerDiff } from "./commands/diff.ts";
import { registerEvents } from "./commands/events.ts";
import { registerHelp } from "./commands/help.ts";
import { registerInit } from "./commands/init.ts";
import { registerLock } from "./commands/lock.ts";
import { registerProfile } from "./commands/profile/index.ts";
import { registerRelease } from "./commands/release.ts";
import { registerServe } from "./commands/serve.ts";
import { registerShortcuts } from "./commands/shortcuts.ts";
import { registerStatus } from "./commands/status.ts";
import { registerSync } from "./commands/sync.ts";
import { registerUpdates } from "./commands/updates.ts";
import type { CliHost } from "./context.ts";
import { OUTPUT_FORMATS, terminalWidth } from "./output/printer.ts";
import { strataVersion } from "./version.ts";

const REGISTER = [
  registerInit,
  registerCheck,
  registerRelease,
  registerLock,
  registerProfile,
  registerCluster,
  registerUpdates,
  registerServe,
  registerSync,
  registerStatus,
  registerEvents,
  registerDiff,
  registerDemo,
  registerCompletion,
  registerComplete,
  registerShortcuts,
  registerHelp,
];

/** The whole command line: every command with its options and help, bound to one run. */
export function buildProgram(host: CliHost): Command {
  const { io } = host;
  const program = new Command("strata")
    .description("Versioned profiles for Kubernetes clusters, kept in Git")
    .version(strataVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help for a command")
    .helpCommand(false)
    .option("--repo <dir or URL>", "the repository (default: the one around this folder)")
    .addOption(new Option("-o, --output <format>", "what to print").choices(OUTPUT_FORMATS).default("table"))
    .option("--no-color", "print no colours")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // Errors are printed in one place, in one form.
      outputError: () => undefined,
      getOutHelpWidth: () => terminalWidth(io.stdout) ?? 100,
      getErrHelpWidth: () => terminalWidth(io.stderr) ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .addHelpText("after", "\nExit codes: see `strata help exit-codes`.");
  for (const register of REGISTER) register(program, host);
  return program;
}
