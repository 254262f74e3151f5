import type { Command } from "commander";
import type { DiffView } from "../../engine/model/view.ts";
import { addCommand } from "../add-command.ts";
import { bind, type CliHost, type CommandContext } from "../context.ts";
import { addEngineOptions, type EngineFlags } from "../engine/engine-options.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { escapeLine } from "../output/escape-control.ts";
import type { Printer } from "../output/printer.ts";

export function registerDiff(program: Command, host: CliHost): void {
  const command = addCommand(program, "diff", {
    summary: "compare what runs in a cluster with what should",
    details: "Asks the running engine, or without one the cluster itself.",
    examples: ["diff aws-cluster"],
    failed: "they differ, or the comparison failed",
  }).argument("<cluster>", "the cluster");
  addEngineOptions(command).action(
    bind(host, async (context, name: string, flags: EngineFlags) => {
      const { printer } = context;
      const diff = await compare(context, name, flags);
      for (const problem of diff.problems) printer.problem(problem);
      printer.data(diff, () => render(diff, printer));
      return diff.objects.length === 0 && diff.problems.length === 0 ? undefined : EXIT_CODES.failed;
    }),
  );
}

async function compare(context: CommandContext, name: string, flags: EngineFlags): Promise<DiffView> {
  const live = await context.live();
  if (live !== undefined) return live.diff(name, context.signal);
  const { diffHere } = await import("../engine/diff-here.ts");
  return diffHere(context, name, flags);
}

function render(diff: DiffView, printer: Printer): string {
  const objects = diff.objects.map(
    (one) =>
      `${printer.style("bold", escapeLine(`${one.change} ${one.object} (${one.layer})`))}\n${printer.diff(one.diff)}\n`,
  );
  const left = diff.left.map((one) =>
    printer.style("dim", `${escapeLine(`${one.object} (${one.layer}): ${one.path} is ${one.note}`)}\n`),
  );
  const none = objects.length === 0 && diff.problems.length === 0 ? ["no differences\n"] : [];
  return [...objects, ...none, ...left].join("");
}
