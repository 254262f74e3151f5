import { CommanderError, type Command } from "commander";
import { EngineError } from "../engine/model/errors.ts";
import { buildProgram } from "./build-program.ts";
import { EXIT_CODES, exitCodeFor, type ExitCode } from "./exit-codes.ts";
import type { CliIo } from "./io.ts";
import { createPrinter, type OutputFormat } from "./output/printer.ts";

/**
 * Runs one command line (without `node` and the script) and answers its exit code. Never throws: what goes wrong is
 * printed to stderr.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const host = { io, exitCode: EXIT_CODES.ok as ExitCode };
  const program = buildProgram(host);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return host.exitCode;
  } catch (error) {
    return reportFailure(error, program, argv, io);
  }
}

function reportFailure(error: unknown, program: Command, argv: readonly string[], io: CliIo): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.ok;
  // A noun without a verb: its help is printed already.
  if (error instanceof CommanderError && error.code === "commander.help") return EXIT_CODES.usage;
  const printer = createPrinter(io, { format: wantedFormat(argv), colours: !argv.includes("--no-color") });
  if (error instanceof CommanderError) {
    printer.error(usageError(error, typedCommand(program, argv)));
    return EXIT_CODES.usage;
  }
  if (io.signal.aborted) {
    printer.note("interrupted");
    return EXIT_CODES.interrupted;
  }
  if (error instanceof EngineError) {
    printer.error(error);
    return exitCodeFor(error.code);
  }
  printer.error(
    new EngineError("internal", error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
  return EXIT_CODES.failed;
}

/** The innermost command that a command line names. */
function typedCommand(program: Command, argv: readonly string[]): Command {
  let command = program;
  for (const word of argv) command = command.commands.find((one) => one.name() === word) ?? command;
  return command;
}

function usageError(error: CommanderError, command: Command): EngineError {
  const [message = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const hint =
    suggestion === undefined ? `see \`${fullName(command)} --help\`` : suggestion.replace(/^\(|\)$/g, "");
  return new EngineError("usage", message === "" ? "a command is missing" : message, { hint });
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

/** The output format before (or although) the command line could not be read. */
function wantedFormat(argv: readonly string[]): OutputFormat {
  const text = ` ${argv.join(" ")} `;
  return / (-o ?=?|--output[ =])json /.test(text) ? "json" : "table";
}
