import type { Command } from "commander";
import { addCommand } from "../add-command.ts";
import { bind, type CliHost } from "../context.ts";

export function registerDemo(program: Command, host: CliHost): void {
  addCommand(program, "demo", {
    summary: "a guided tour on two sandbox clusters, nothing to install",
    examples: ["demo"],
  }).action(
    bind(host, async ({ io }) => {
      const { runDemo } = await import("../demo/run-demo.ts");
      return runDemo(io);
    }),
  );
}
