import type { Command } from "commander";
import { addCommand } from "../../add-command.ts";
import { bind, type CliHost } from "../../context.ts";
import { parseProfileVersion, parseRevision } from "../../parse-argument.ts";

export function registerProfileDiff(parent: Command, host: CliHost): void {
  addCommand(parent, "diff", {
    summary: "compare two versions or revisions",
    examples: [
      "profile diff hello-universe@1.0.0 hello-universe@1.1.0",
      "profile diff hello-universe@1.0.0#1 hello-universe@1.0.0#2",
    ],
  })
    .argument("<profile@version[#revision]>", "from")
    .argument("<profile@version[#revision]>", "to")
    .action(
      bind(host, async (context, from: string, to: string) => {
        const { diffVersions } = await import("../../../engine/fleet/index.ts");
        const points = { from: parsePoint(from), to: parsePoint(to) };
        const diff = await diffVersions(await context.repository(), points, { signal: context.signal });
        context.printer.data({ ...points, diff }, () => context.printer.diff(diff));
        return undefined;
      }),
    );
}

function parsePoint(text: string) {
  const [name = "", revision] = text.split("#", 2);
  return {
    ...parseProfileVersion(name),
    ...(revision === undefined ? {} : { revision: parseRevision(revision) }),
  };
}
