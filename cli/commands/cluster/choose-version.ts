import type { Command } from "commander";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { addDropOption } from "../../drop-option.ts";
import { bind, type CliHost } from "../../context.ts";
import { parseProfileVersion, parseRevision } from "../../parse-argument.ts";
import { runChange } from "../../run-change.ts";
import { usageError } from "../../usage-error.ts";

const loadActions = () => import("../../../engine/actions/index.ts");

interface ChoiceFlags extends ChangeFlags {
  readonly revision?: string;
  readonly latest?: true;
}

interface UseFlags extends ChoiceFlags {
  readonly drop: readonly string[];
}

function addChoiceOptions(command: Command): Command {
  return addChangeOptions(
    command
      .argument("<cluster>", "the cluster")
      .argument("<profile@version>", "the version")
      .option("--revision <n>", "exactly this revision of the version")
      .option("--latest", "the version's current revision, even where the cluster ran an earlier one"),
  );
}

function readChoice(name: string, flags: ChoiceFlags) {
  if (flags.revision !== undefined && flags.latest === true)
    throw usageError("--revision and --latest exclude each other");
  const revision = flags.revision === undefined ? undefined : parseRevision(flags.revision);
  return { ...parseProfileVersion(name), revision, latest: flags.latest };
}

export function registerUse(parent: Command, host: CliHost, { hidden }: { hidden: boolean }): void {
  const command = addCommand(parent, "use", {
    summary: "choose the version of a profile that a cluster runs",
    details:
      "Going back to a version goes back to exactly what ran there; --latest takes its newest revision.",
    examples: [
      "cluster use aws-cluster hello-universe@1.1.0 --wait",
      "cluster use aws-cluster hello-universe@1.0.0 --revision 2",
    ],
    hidden,
  });
  addDropOption(addChoiceOptions(command)).action(
    bind(host, async (context, cluster: string, name: string, flags: UseFlags) => {
      const { useVersion } = await loadActions();
      const args = { cluster, ...readChoice(name, flags), drop: flags.drop };
      return runChange(context, flags, (repo, options) => useVersion(repo, args, options));
    }),
  );
}

export function registerAttach(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "attach", {
    summary: "run one more profile on a cluster",
    examples: ["cluster attach aws-cluster monitoring@2.0.0"],
  });
  addChoiceOptions(command).action(
    bind(host, async (context, cluster: string, name: string, flags: ChoiceFlags) => {
      const { attachProfile } = await loadActions();
      const args = { cluster, ...readChoice(name, flags) };
      return runChange(context, flags, (repo, options) => attachProfile(repo, args, options));
    }),
  );
}

export function registerDetach(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "detach", {
    summary: "take a profile off a cluster; its objects are removed",
    examples: ["cluster detach aws-cluster monitoring --dry-run"],
  })
    .argument("<cluster>", "the cluster")
    .argument("<profile>", "the profile");
  addChangeOptions(command).action(
    bind(host, async (context, cluster: string, profile: string, flags: ChangeFlags) => {
      const { detachProfile } = await loadActions();
      return runChange(context, flags, (repo, options) => detachProfile(repo, { cluster, profile }, options));
    }),
  );
}
