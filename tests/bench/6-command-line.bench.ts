import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "vitest";
import { createCli, initFleet } from "../e2e/cli.ts";
import { alternate, median, timed } from "./figures.ts";
import { ms, tell } from "./line.ts";
import { BUILT } from "./serving.ts";

const exec = promisify(execFile);

test("command line", async (context) => {
  const { home, fleet } = await initFleet();
  const cli = createCli(home, fleet, BUILT);
  const node = () => exec(process.execPath, ["-e", "0"]);
  const runs = await alternate(11, {
    floor: () => timed(node),
    help: () => timed(() => cli.ok(["--help"])),
    list: () => timed(() => cli.ok(["cluster", "list"])),
  });
  const rows = [
    ["strata --help", runs.help],
    ["strata cluster list, no engine", runs.list],
  ] as const;
  for (const [what, took] of rows) {
    tell(context, {
      what: `${what}, warm`,
      ratio: median(took) / median(runs.floor),
      strata: ms(median(took)),
      floor: `${ms(median(runs.floor))} (node -e 0)`,
    });
  }
});
