import { Argument, type Command } from "commander";
import { addCommand } from "../add-command.ts";
import { SHELLS, type Shell, completionScript } from "../completion/scripts.ts";
import { bind, type CliHost } from "../context.ts";

export function registerCompletion(program: Command, host: CliHost): void {
  addCommand(program, "completion", {
    summary: "print a script that completes commands, options and names",
    examples: [
      "completion bash > ~/.local/share/bash-completion/completions/strata",
      'completion zsh > "${fpath[1]}/_strata"',
      "completion fish > ~/.config/fish/completions/strata.fish",
    ],
  })
    .addArgument(new Argument("<shell>", "your shell").choices(SHELLS))
    .action(
      bind(host, async ({ io }, shell: Shell) => {
        io.stdout.write(completionScript(shell));
        return undefined;
      }),
    );
}
