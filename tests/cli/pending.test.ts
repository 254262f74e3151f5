import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PlanView, UpdateView } from "../../engine/model/plan.ts";
import type { Fleet } from "./fleet.ts";
import { inTerminal } from "./in-terminal.ts";
import { commitFiles, configMap, layeredFleet, layerFile } from "./layers.ts";

const CONFIRM = ["updates", "confirm", "--filter", "tags is all"];

async function pendingFleet(clusters: readonly string[]): Promise<Fleet> {
  const fleet = await layeredFleet(clusters);
  await commitFiles(fleet, {
    [layerFile("web")]: configMap("web", "b"),
    [layerFile("api")]: configMap("api", "b"),
  });
  return fleet;
}

function pending(fleet: Fleet): Promise<UpdateView[]> {
  return fleet.json(["updates"]) as Promise<UpdateView[]>;
}

describe("updates confirm", () => {
  test("in a terminal shows what there is and asks; only yes is one", async () => {
    const fleet = await pendingFleet(["dev", "test"]);
    for (const typed of ["\n", "no\n"]) {
      const refused = await inTerminal(fleet, CONFIRM, { typed });
      expect(refused.code).toBe(1);
      expect(refused.stdout).toContain("\u001b[1mCLUSTER\u001b[22m");
      expect(refused.stdout + refused.stderr).not.toContain("\\u001b");
      expect(refused.stderr).toContain("Confirm 2 updates in 2 clusters? [y/N] nothing was confirmed\n");
    }
    expect(await pending(fleet)).toHaveLength(2);
    expect((await inTerminal(fleet, [...CONFIRM, "--dry-run"])).stderr).not.toContain("?");
    expect(await inTerminal(fleet, CONFIRM, { typed: "Y\n" })).toMatchObject({ code: 0 });
    expect(await pending(fleet)).toEqual([]);
  });

  test("with --yes, and without a terminal, goes on; the summary is on stdout", async () => {
    const fleet = await pendingFleet(["dev"]);
    const told = await inTerminal(fleet, [...CONFIRM, "--yes"]);
    expect([told.code, told.stderr]).toEqual([0, expect.not.stringContaining("?")]);
    await commitFiles(fleet, { [layerFile("web")]: configMap("web", "c") });
    const piped = await fleet.run(CONFIRM);
    expect(piped.code).toBe(0);
    expect(piped.stdout).toMatch(/^CLUSTER .*\ndev .*\n1 pending update in 1 cluster\n\w{12} Update dev /);
    expect(await pending(fleet)).toEqual([]);
  });

  test("a filter by what only an engine knows is refused without one", async () => {
    const fleet = await pendingFleet(["dev"]);
    const filter = ["--filter", "name is dev and (health is not healthy or name is x)"];
    for (const command of [["updates"], ["updates", "confirm"], ["cluster", "list"]]) {
      const refused = await fleet.run([...command, ...filter]);
      expect([refused.code, refused.stderr]).toEqual([
        4,
        expect.stringMatching(/^error\[engine-not-running\]/),
      ]);
    }
    expect(await pending(fleet)).toHaveLength(1);
  });
});

describe("cluster confirm", () => {
  test("edits the layers that change or are overridden, and asks which one a text is for", async () => {
    const fleet = await pendingFleet(["dev"]);
    const edit = ["cluster", "confirm", "dev", "--edit", "--dry-run"];
    const log = join(fleet.home, "edited");
    const env = { EDITOR: `f() { basename "$1" >> ${log}; }; f` };
    expect(await inTerminal(fleet, edit, { env })).toMatchObject({ code: 0 });
    expect(await readFile(log, "utf8")).toBe("web.yaml\napi.yaml\n");
    await fleet.run(["cluster", "override", "dev", "app/config", "--file", "-"], configMap("config", "b"));
    const unnamed = await fleet.run(["cluster", "confirm", "dev", "--file", "-"], configMap("web", "c"));
    expect([unnamed.code, unnamed.stderr]).toEqual([
      2,
      "error[usage]: the text may be for any of the layers web, api, config\n  hint: name the one: --file web=<path>\n",
    ]);
  });

  test.each([
    [["--plan", ""], "--plan needs the id"],
    [["--file", "web=-", "--file", "web=-"], 'twice for layer "web"'],
  ])("refuses %j", async (options, why) => {
    const fleet = await pendingFleet(["dev"]);
    const refused = await fleet.run(["cluster", "confirm", "dev", ...options], configMap("web", "c"));
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(why)]);
    expect(await pending(fleet)).toHaveLength(1);
  });
});

describe("a plan id", () => {
  const confirm = (cluster: string, plan: string) => ["cluster", "confirm", cluster, "--plan", plan];

  test("that nobody knows is told from one of another cluster, and from one that is not current", async () => {
    const fleet = await pendingFleet(["dev", "test"]);
    const mine = configMap("config", "mine");
    await fleet.run(["cluster", "override", "test", "app/config", "--file", "-"], mine);
    const [dev, other] = await pending(fleet);
    expect(dev?.plan).not.toBe(other?.plan);
    const unknown = await fleet.run(confirm("dev", "0123456789abcdef"));
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/^error\[plan-unknown\]: no plan 0123456789abcdef is known of cluster "dev"/),
    ]);
    const foreign = await fleet.run(confirm("dev", other?.plan ?? ""));
    expect(foreign.code).toBe(2);
    expect(foreign.stderr).toContain(`plan ${other?.plan} is of cluster "test", not of "dev"`);
    await commitFiles(fleet, { [layerFile("web")]: configMap("web", "c") });
    const outdated = await fleet.run(confirm("dev", dev?.plan ?? ""));
    expect([outdated.code, outdated.stderr]).toEqual([3, expect.stringMatching(/^error\[plan-outdated\]/)]);
  });

  test("that several clusters share is one trailer", async () => {
    const fleet = await pendingFleet(["dev", "test"]);
    const [dev, other] = await pending(fleet);
    expect(dev?.plan).toBe(other?.plan);
    expect((await fleet.run(CONFIRM)).code).toBe(0);
    const format = "--format=%(trailers:key=Strata-Plan,valueonly)";
    const trailers = execFileSync("git", ["log", "-1", format], { cwd: fleet.repo, encoding: "utf8" });
    expect(trailers.trim()).toBe(dev?.plan);
  });
});

describe("cluster updates --diff", () => {
  const diff = ["cluster", "updates", "dev", "--diff"];

  test("is unified in a pipe, and side by side in a terminal that has the room", async () => {
    const fleet = await pendingFleet(["dev"]);
    const unified = "     7 -   one: a\n     7 +   one: b\n";
    expect((await fleet.run(diff)).stdout).toContain(unified);
    const plain = [...diff, "--no-color"];
    expect((await inTerminal(fleet, plain, { columns: 80 })).stdout).toContain(unified);
    expect((await inTerminal(fleet, plain, { columns: 140 })).stdout).toMatch(
      /7 {3}one: a +≠ {6}7 {3}one: b\n/,
    );
    const { strata, homeEnvironment } = await import("./run-strata.ts");
    const env = { ...homeEnvironment(fleet.home), COLUMNS: "60" };
    const told = await strata(["cluster", "updates", "dev", "--diff=side-by-side"], { cwd: fleet.repo, env });
    expect(told.stdout).toMatch(/7 {3}one: a {1,20}≠/);
  });

  test("says once that line ends differ, and compares without them", async () => {
    const fleet = await pendingFleet(["dev"]);
    await commitFiles(fleet, { [layerFile("web")]: configMap("web", "b").replaceAll("\n", "\r\n") });
    const { stdout } = await fleet.run(diff);
    expect(stdout).toContain("     7 -   one: a\n     7 +   one: b\n");
    expect(stdout.match(/line ends differ/g)).toHaveLength(1);
    expect(stdout).not.toContain("\\u000d");
    expect(stdout).not.toContain("- kind: ConfigMap");
    const plans = (await fleet.json(["cluster", "updates", "dev"])) as PlanView[];
    expect(plans[0]?.layers[1]?.pending).toContain("\r\n");
  });
});
