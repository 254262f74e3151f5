import type { Command } from "commander";
import type { EngineEvent } from "../../engine/model/event.ts";
import { addCommand } from "../add-command.ts";
import { bind, type CliHost } from "../context.ts";
import { requireEngine } from "../live/require-engine.ts";
import { escapeLine, safeJson } from "../output/escape-control.ts";
import type { Printer } from "../output/printer.ts";
import { styleState } from "../output/style.ts";

interface Flags {
  readonly follow?: true;
  readonly cluster?: string;
}

/** What stands below an event, under its text. */
const INDENT = " ".repeat(23);

export function registerEvents(program: Command, host: CliHost): void {
  addCommand(program, "events", {
    summary: "print what the running engine did; --follow stays and prints what it does",
    details: "With -o json each line is one event.",
    examples: ["events", "events --follow --cluster aws-cluster"],
  })
    .option("-f, --follow", "stay and print new events")
    .option("--cluster <cluster>", "only events of one cluster")
    .action(
      bind(host, async (context, flags: Flags) => {
        const { io, printer, signal } = context;
        const live = await requireEngine(context, "events come from one");
        const chosen = (event: EngineEvent) => flags.cluster === undefined || event.cluster === flags.cluster;
        const print = (event: EngineEvent) =>
          void (chosen(event) && io.stdout.write(`${render(event, printer)}\n`));
        if (flags.follow !== true) for (const event of await live.recentEvents(signal)) print(event);
        else for await (const event of live.events({ after: 0, signal })) print(event);
        return undefined;
      }),
    );
}

function render(event: EngineEvent, printer: Printer): string {
  if (printer.format === "json") return safeJson(event);
  const { style } = printer;
  const where = [event.cluster, event.profile, event.layer].filter((part) => part !== undefined).join("/");
  const state = event.state === undefined ? "" : `${styleState(style, escapeLine(event.state))} `;
  const time = style("dim", event.time.slice(11, 19));
  const line = `${time} ${event.type.padEnd(13)} ${escapeLine(where)}${where === "" ? "" : " "}${state}${escapeLine(event.message)}`;
  const below = [
    ...(event.details ?? []),
    ...(event.file === undefined ? [] : [`at ${event.file}`]),
    ...(event.hint === undefined ? [] : [`hint: ${event.hint}`]),
  ];
  return [line, ...below.map((one) => `${INDENT}${escapeLine(one)}`)].join("\n");
}
