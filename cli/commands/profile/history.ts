import type { Command } from "commander";
import type { RevisionView } from "../../../engine/model/view.ts";
import { addCommand } from "../../add-command.ts";
import { bind, type CliHost } from "../../context.ts";
import { minuteOf } from "../../output/time-text.ts";
import type { Column } from "../../output/table.ts";
import { parseProfile } from "../../parse-argument.ts";

const COLUMNS: readonly Column<RevisionView>[] = [
  { title: "VERSION", value: (one) => one.version },
  { title: "REVISION", value: (one) => `${one.number}${one.current ? "*" : ""}` },
  { title: "EVENT", value: (one) => one.event },
  { title: "SOURCE", value: (one) => one.source.replace(/^refs\/heads\//, "") },
  { title: "COMMIT", value: (one) => one.commit.slice(0, 12) },
  { title: "TIME", value: (one) => minuteOf(one.time) },
  { title: "AUTHOR", value: (one) => one.author.replace(/ <.*>$/, "") },
  { title: "CLUSTERS", value: (one) => one.lockedBy.join(", ") },
  { title: "MESSAGE", value: (one) => one.message.split("\n")[0] ?? "" },
];

export function registerProfileHistory(parent: Command, host: CliHost): void {
  addCommand(parent, "history", {
    summary: "list the revisions of a version or a profile, newest first",
    examples: ["profile history hello-universe@1.0.0", "profile history hello-universe -o json"],
  })
    .argument("<profile[@version]>", "deleted ones too")
    .action(
      bind(host, async (context, name: string) => {
        const { profileHistory } = await import("../../../engine/fleet/index.ts");
        const revisions = await profileHistory(await context.repository(), parseProfile(name), {
          signal: context.signal,
        });
        context.printer.data(revisions, () => context.printer.table(COLUMNS, revisions));
        return undefined;
      }),
    );
}
