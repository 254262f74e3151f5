import type { Command } from "commander";
import { addCommand } from "../add-command.ts";
import { addChangeOptions, type ChangeFlags } from "../change-options.ts";
import { bind, type CliHost } from "../context.ts";
import { runChange } from "../run-change.ts";

type Noun = "cluster" | "profile";

/** `tag` and `untag` of clusters or of profiles. */
export function registerTags(parent: Command, host: CliHost, noun: Noun): void {
  const example = noun === "cluster" ? "aws-cluster" : "hello-universe";
  for (const verb of ["tag", "untag"] as const) {
    const command = addCommand(parent, verb, {
      summary: verb === "tag" ? `add tags to a ${noun}` : `remove tags from a ${noun}`,
      examples: [`${noun} ${verb} ${example} service:hello-universe-frontend`],
    })
      .argument(`<${noun}>`, `the ${noun}`)
      .argument("<tags...>", "`key:value` or a bare word");
    addChangeOptions(command).action(
      bind(host, async (context, name: string, tags: string[], flags: ChangeFlags) => {
        const actions = await import("../../engine/actions/index.ts");
        return runChange(context, flags, (repo, options) => {
          if (noun === "cluster") {
            const change = verb === "tag" ? actions.tagCluster : actions.untagCluster;
            return change(repo, { cluster: name, tags }, options);
          }
          const change = verb === "tag" ? actions.tagProfile : actions.untagProfile;
          return change(repo, { profile: name, tags }, options);
        });
      }),
    );
  }
}
