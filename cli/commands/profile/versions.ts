import type { Command } from "commander";
import { addCommand } from "../../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../../change-options.ts";
import { bind, type CliHost } from "../../context.ts";
import { parseProfile, parseProfileVersion, parseRevision } from "../../parse-argument.ts";
import { runChange } from "../../run-change.ts";

const loadActions = () => import("../../../engine/actions/index.ts");

interface VersionFlags extends ChangeFlags {
  readonly from?: string;
}
interface RestoreFlags extends ChangeFlags {
  readonly revision?: string;
}

/** The commands that make, release, delete and restore versions. */
export function registerProfileVersions(parent: Command, host: CliHost): void {
  registerClone(parent, host);
  registerVersion(parent, host);
  registerRelease(parent, host);
  registerDelete(parent, host);
  registerRestore(parent, host);
}

function registerClone(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "clone", {
    summary: "make a profile of another name from a version",
    examples: ["profile clone hello-universe@1.0.0 hello-universe-api", "profile clone web@1.2.0 shop@0.1.0"],
  })
    .argument("<profile@version>", "what to copy")
    .argument("<name[@version]>", "the new profile; its version is 1.0.0 unless given");
  addChangeOptions(command).action(
    bind(host, async (context, source: string, target: string, flags: ChangeFlags) => {
      const { cloneProfile } = await loadActions();
      const { profile: name, version } = parseProfile(target);
      const args = { source: parseProfileVersion(source), name, version };
      return runChange(context, flags, (repo, options) => cloneProfile(repo, args, options));
    }),
  );
}

function registerVersion(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "version", {
    summary: "make a new version of a profile",
    details:
      "It begins with the layers of main's version. The highest version lives on main, any other on its branch.",
    examples: ["profile version hello-universe@1.1.0", "profile version hello-universe@1.0.1 --from 1.0.0"],
  })
    .argument("<profile@version>", "the new version")
    .option("--from <version>", "the version whose layers it begins with");
  addChangeOptions(command).action(
    bind(host, async (context, name: string, flags: VersionFlags) => {
      const { createVersion } = await loadActions();
      const args = { ...parseProfileVersion(name), from: flags.from };
      return runChange(context, flags, (repo, options) => createVersion(repo, args, options));
    }),
  );
}

function registerRelease(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "release", {
    summary: "release what main declares, although main never held what the version is now",
    examples: ["profile release hello-universe@1.0.0"],
  }).argument("<profile@version>", "a version that main declares");
  addChangeOptions(command).action(
    bind(host, async (context, name: string, flags: ChangeFlags) => {
      const { releaseProfile } = await loadActions();
      const args = parseProfileVersion(name);
      return runChange(context, flags, (repo, options) => releaseProfile(repo, args, options));
    }),
  );
}

function registerDelete(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "delete", {
    summary: "delete a version, or a profile with all its versions",
    details:
      "Refused while a cluster uses it. The log keeps every revision: `profile restore` brings it back.",
    examples: ["profile delete hello-universe@1.0.0", "profile delete hello-universe --dry-run"],
  }).argument("<profile[@version]>", "what to delete");
  addChangeOptions(command).action(
    bind(host, async (context, name: string, flags: ChangeFlags) => {
      const { deleteVersion } = await loadActions();
      const args = parseProfile(name);
      return runChange(context, flags, (repo, options) => deleteVersion(repo, args, options));
    }),
  );
}

function registerRestore(parent: Command, host: CliHost): void {
  const command = addCommand(parent, "restore", {
    summary: "bring a deleted version back",
    examples: ["profile restore hello-universe@1.0.0", "profile restore hello-universe@1.0.0 --revision 2"],
  })
    .argument("<profile@version>", "a deleted version")
    .option("--revision <n>", "at this revision (default: its last one)");
  addChangeOptions(command).action(
    bind(host, async (context, name: string, flags: RestoreFlags) => {
      const { restoreVersion } = await loadActions();
      const revision = flags.revision === undefined ? undefined : parseRevision(flags.revision);
      const args = { ...parseProfileVersion(name), revision };
      return runChange(context, flags, (repo, options) => restoreVersion(repo, args, options));
    }),
  );
}
