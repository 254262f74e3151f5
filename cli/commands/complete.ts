import type { Command } from "commander";
import { bind, type CliHost } from "../context.ts";
import { escapeLine } from "../output/escape-control.ts";

/** `strata __complete -- <words…>`: what the completion scripts ask. The last word is the one being typed. */
export function registerComplete(program: Command, host: CliHost): void {
  program
    .command("__complete", { hidden: true })
    .argument("[words...]")
    .allowUnknownOption()
    .action(
      bind(host, async (context, words: string[]) => {
        const { complete } = await import("../completion/complete.ts");
        const candidates = await complete(program, words, context);
        for (const { value, description } of candidates) {
          context.io.stdout.write(`${escapeLine(value)}\t${escapeLine(description)}\n`);
        }
        return undefined;
      }),
    );
}
