import type { Command } from "commander";
import { collect } from "../collect.ts";

/** What an engine may reach, wherever it runs. */
export interface EngineFlags {
  readonly kubeconfig?: string;
  readonly allowContext: readonly string[];
  readonly takeOver: readonly string[];
}

export function addEngineOptions(command: Command): Command {
  return command
    .option("--kubeconfig <path>", "the kubeconfig (default: as kubectl finds it)")
    .option(
      "--allow-context <name>",
      "a context of it that the repository may name; may be given again",
      collect,
      [],
    )
    .option(
      "--take-over <cluster>",
      "take over what another repository applied for a cluster of this name, and prune what this one does not have; may be given again",
      collect,
      [],
    );
}
