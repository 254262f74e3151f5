import type { Command } from "commander";
import { addCommand } from "../add-command.ts";
import { bind, type CliHost } from "../context.ts";
import { escapeLine } from "../output/escape-control.ts";
import { renderProblem } from "../output/problem-text.ts";

interface Flags {
  readonly dryRun?: true;
}

export function registerRelease(program: Command, host: CliHost): void {
  addCommand(program, "release", {
    summary: "release what main, the version branches and hand-made tags declare",
    details: "One pass of what a running engine does after every push. A second pass does nothing.",
    examples: ["release", "release --dry-run -o json"],
  })
    .option("--dry-run", "say what would be released, release nothing")
    .action(
      bind(host, async (context, flags: Flags) => {
        const { printer, signal } = context;
        const { release } = await import("../../engine/repo/release.ts");
        const { released, conditions } = await release(await context.repository(), {
          signal,
          dryRun: flags.dryRun,
        });
        const rows = released.map(({ profile, version, number, commit, source }) => ({
          profile,
          version,
          number,
          commit,
          source,
        }));
        printer.data({ released: rows, conditions }, () => {
          const verb = flags.dryRun === true ? "would release" : "released";
          const lines = rows.map(
            (row) => `${verb} ${escapeLine(row.profile)}@${row.version} revision ${row.number}\n`,
          );
          const reasons = conditions.map((condition) => renderProblem(condition, printer.style));
          return [...(lines.length === 0 ? ["nothing to release\n"] : lines), ...reasons].join("");
        });
        return undefined;
      }),
    );
}
