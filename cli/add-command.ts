import type { Command } from "commander";
import { EXIT_CODE_MEANINGS } from "./exit-codes.ts";

export interface CommandText {
  /** One line, for the list of commands. */
  readonly summary: string;
  /** More, for the command's own help. */
  readonly details?: string;
  /** Command lines without `strata`. */
  readonly examples: readonly string[];
  /** What exit code 1 means here, where it is more than a failure. */
  readonly failed?: string;
  /** Works, but is not listed. */
  readonly hidden?: boolean;
  /** What the parent does where no command of it is named. */
  readonly isDefault?: boolean;
}

/** Adds a command whose help has examples and exit codes. */
export function addCommand(parent: Command, usage: string, text: CommandText): Command {
  const examples = text.examples.map((example) => `  $ strata ${example}\n`).join("");
  const help = `\nExamples:\n${examples}\nExit codes:\n${exitCodes(text.failed)}`;
  return parent
    .command(usage, { hidden: text.hidden ?? false, isDefault: text.isDefault ?? false })
    .summary(text.summary)
    .description(text.details === undefined ? text.summary : `${text.summary}\n\n${text.details}`)
    .addHelpText("after", help);
}

function exitCodes(failed: string | undefined): string {
  const short: Readonly<Record<number, string>> = {
    0: "done",
    1: failed ?? "failed",
    2: "the command line is wrong, or names what does not exist",
    3: "refused because of the repository's state",
    4: "the engine, the remote or a cluster cannot be reached",
  };
  return EXIT_CODE_MEANINGS.flatMap(({ code }) => {
    const meaning = short[code];
    return meaning === undefined ? [] : [`  ${code}  ${meaning}\n`];
  }).join("");
}
