import type { Command } from "commander";
import { addCommand } from "../add-command.ts";
import { bind, type CliHost } from "../context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { renderProblem } from "../output/problem-text.ts";

interface Flags {
  readonly requireLock?: true;
}

export function registerCheck(program: Command, host: CliHost): void {
  addCommand(program, "check", {
    summary: "validate the whole repository without a cluster",
    details: "Looks at the files of the work tree as they are; of a bare repository or a remote, at main.",
    examples: ["check", "check --require-lock -o json"],
    failed: "problems were found",
  })
    .option("--require-lock", "a lock that lacks an entry is an error, not a warning")
    .action(
      bind(host, async (context, flags: Flags) => {
        const { printer, signal } = context;
        const { checkRepository } = await import("../../engine/fleet/index.ts");
        const requireLock = flags.requireLock === true;
        const problems = await checkRepository(await context.repository(), { requireLock }, { signal });
        const errors = problems.filter((problem) => problem.severity !== "warning").length;
        const warnings = problems.length - errors;
        printer.data(problems, () => {
          const text = problems.map((problem) => renderProblem(problem, printer.style)).join("");
          return `${text}${count(errors, "error")}, ${count(warnings, "warning")}\n`;
        });
        return errors === 0 ? undefined : EXIT_CODES.failed;
      }),
    );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
