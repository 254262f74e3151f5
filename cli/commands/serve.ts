import { type Command, Option } from "commander";
import { addCommand } from "../add-command.ts";
import { bind, type CliHost } from "../context.ts";
import { addEngineOptions } from "../engine/engine-options.ts";
import type { ServeFlags } from "../engine/serve.ts";

export function registerServe(program: Command, host: CliHost): void {
  const command = addCommand(program, "serve", {
    summary: "run the engine: watch the repository, make clusters match it, answer the CLI",
    details:
      "Stays until it gets SIGTERM or SIGINT. The address and a token go to a file that only you can read.",
    examples: [
      "serve --allow-context kind-dev",
      "serve --repo https://git.example.com/fleet.git --interval 30s --listen 127.0.0.1:8080",
    ],
  })
    .option("--listen <address:port>", "where to serve the HTTP API; port 0 is any free one", "127.0.0.1:0")
    .option("--interval <span>", "how often to fetch a remote repository", "60s")
    .addOption(
      new Option("--log-format <format>", "for people or for programs")
        .choices(["text", "json"])
        .default("text"),
    );
  addEngineOptions(command).action(
    bind(host, async (context, flags: ServeFlags) => {
      const { serve } = await import("../engine/serve.ts");
      await serve(context, flags);
      return undefined;
    }),
  );
}
