import type { Command } from "commander";
import { addCommand } from "../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../change-options.ts";
import { bind, type CliHost } from "../context.ts";
import { runChange } from "../run-change.ts";
import { usageError } from "../usage-error.ts";

interface Flags extends ChangeFlags {
  readonly commit?: true;
}

export function registerLock(program: Command, host: CliHost): void {
  const command = addCommand(program, "lock", {
    summary: "write the lock entries that clusters lack",
    details:
      "Works on the files as they are, dirty or not, and stages strata.lock for your own commit. " +
      "With --commit it commits the locks of main's tip. Overrides are merged with what is locked, and what becomes " +
      "of each is said.",
    examples: ["lock && git commit", "lock --commit"],
    failed: "an override does not fit what is locked, or nothing can be locked",
  }).option("--commit", "commit them to main");
  addChangeOptions(command).action(
    bind(host, async (context, flags: Flags) => {
      const { lockClusters, lockWorkTree } = await import("../../engine/actions/index.ts");
      if (flags.commit === true) return runChange(context, flags, lockClusters);
      if (flags.dryRun ?? flags.wait ?? flags.message) {
        throw usageError("--message, --dry-run and --wait need --commit");
      }
      return runChange(context, flags, (repo, { signal }) => lockWorkTree(repo, { signal }));
    }),
  );
}
