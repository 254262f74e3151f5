import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { addCommand } from "../add-command.ts";
import { bind, type CliHost } from "../context.ts";
import { cacheFolder } from "../folders.ts";

export function registerInit(program: Command, host: CliHost): void {
  addCommand(program, "init", {
    summary: "make a repository with one example profile",
    examples: ["init fleet"],
  })
    .argument("<dir>", "a folder that is new or empty")
    .action(
      bind(host, async ({ io, printer, signal }, dir: string) => {
        const { initRepository } = await import("../../engine/actions/index.ts");
        const { packageFolder } = await import("../package-folder.ts");
        const result = await initRepository(resolve(io.cwd, dir), {
          template: fileURLToPath(new URL("repo-template/", packageFolder())),
          environment: io.env,
          cacheDir: cacheFolder(io),
          signal,
        });
        const { renderChange } = await import("../output/change-text.ts");
        printer.data(result, () => renderChange(result, printer, false));
        return undefined;
      }),
    );
}
