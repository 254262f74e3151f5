import type { Command } from "commander";
import { bind, type CliHost } from "../context.ts";
import { renderExitCodes } from "../exit-codes.ts";
import { usageError } from "../usage-error.ts";

export function registerHelp(program: Command, host: CliHost): void {
  program
    .command("help")
    .summary("print help for a command, or `help exit-codes`")
    .description("print help for a command, or `help exit-codes`")
    .argument("[command...]", "a command, such as `cluster use`")
    .action(
      bind(host, async ({ io }, names: string[]) => {
        if (names.length === 1 && names[0] === "exit-codes") io.stdout.write(renderExitCodes());
        else findCommand(program, names).outputHelp();
        return undefined;
      }),
    );
}

function findCommand(program: Command, names: readonly string[]): Command {
  let found = program;
  for (const name of names) {
    const next = found.commands.find((candidate) => candidate.name() === name);
    if (next === undefined) throw usageError(`there is no command "${names.join(" ")}"`, "see `strata help`");
    found = next;
  }
  return found;
}
