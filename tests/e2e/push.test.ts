import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EngineEvent } from "../../engine/model/event.ts";
import { git } from "../support/temp-git.ts";
import { type Cli, initFleet, startServe } from "./cli.ts";
import { onEachTarget } from "./targets.ts";

const LAYER = "profiles/hello-universe/hello-universe/hello-universe.yaml";
const PROFILE = "profiles/hello-universe/profile.yaml";
const CLUSTER = "clusters/aws-cluster/cluster.yaml";
const OVERRIDE = "clusters/aws-cluster/overrides/hello-universe/hello-universe.yaml";
const REPLICAS = "Deployment.apps hello-universe/hello-universe-deployment spec.replicas";

/** Versions chosen by an edit of cluster.yaml and a plain commit, as people with an editor do. */
onEachTarget(1, (makeTarget) => {
  test("a plain push of a version is told with its overrides; one that has no place stops it until it is decided", async () => {
    const target = makeTarget();
    const { fleet, cli } = await initFleet();
    const serving = await startServe(cli, fleet, target.serve);
    const profile = ["--profile", "hello-universe@1.0.0"];
    await cli.ok(["cluster", "create", "aws-cluster", ...profile, ...target.connection(0), "--wait"]);
    const override = ["cluster", "override", "aws-cluster", "hello-universe/hello-universe"];
    const text = await readFile(join(fleet, LAYER), "utf8");
    const input = text.replace("replicas: 2", "replicas: 1");
    await cli.ok([...override, "--file", "-", "--wait"], { input });
    const query = ["get", "-n", "hello-universe", "-o", "jsonpath={.spec.replicas}", "deployment"];
    const replicas = (name = "hello-universe-deployment") =>
      target.kubectl(cli, 0, "aws-cluster", ...query, name);

    // 1.1.0 changes what is overridden, 1.2.0 has it no more.
    await release(fleet, "1.1.0", { "replicas: 2": "replicas: 3" });
    await choose(fleet, "1.1.0");
    await cli.ok(["sync"]);
    expect(await replicas()).toBe("1");
    const kept = `override kept over the profile's change: ${REPLICAS} = 1 (profile: 2 → 3)`;
    const locked = "locked hello-universe@1.1.0 revision 1 (before: hello-universe@1.0.0 revision 1)";
    expect(await events(cli)).toMatch(
      new RegExp(`^.{8} lock +aws-cluster/hello-universe ${escape(locked)}\n +${escape(kept)}$`, "m"),
    );
    const lines = (await cli.ok(["events", "-o", "json"])).trim().split("\n");
    const told = lines.map((line): EngineEvent => JSON.parse(line)).filter(({ type }) => type === "lock");
    expect(told).toMatchObject([
      { cluster: "aws-cluster", profile: "hello-universe", message: locked, details: [kept] },
    ]);

    await release(fleet, "1.2.0", { "name: hello-universe-deployment": "name: hello-universe-web" });
    await choose(fleet, "1.2.0");
    expect(await cli.run(["sync"])).toMatchObject({ code: 1 });
    expect(await replicas()).toBe("1");
    const drop = ["--remove", REPLICAS];
    const command = `strata ${override.join(" ")} --remove '${REPLICAS}'`;
    for (const [args, code] of [
      [["cluster", "show", "aws-cluster"], 0],
      [["cluster", "list"], 0],
      [["status"], 0],
      [["check"], 1],
      [["sync"], 1],
      [["events", "--cluster", "aws-cluster"], 0],
    ] as const) {
      const ran = await cli.run(args);
      expect.soft([args, ran.code, ran.stderr.includes("internal")]).toEqual([args, code, false]);
      for (const part of ["aws-cluster", REPLICAS, OVERRIDE, command])
        expect.soft(ran.stdout, `${args.join(" ")} names ${part}`).toContain(part);
    }

    // The command that it names decides it.
    await cli.ok([...override, ...drop, "--wait"]);
    expect(await replicas("hello-universe-web")).toBe("3");
    expect(await serving.stop()).toBe(0);
  }, 300_000);
});

const events = (cli: Cli) => cli.ok(["events"]);

async function release(fleet: string, version: string, changes: Record<string, string>): Promise<void> {
  await edit(fleet, PROFILE, (text) => text.replace(/version: [0-9.]+/, `version: ${version}`));
  await edit(fleet, LAYER, (text) =>
    Object.entries(changes).reduce((changed, [from, to]) => changed.replace(from, to), text),
  );
  await git(fleet, "commit", "-q", "-a", "-m", `hello-universe ${version}`);
}

async function choose(fleet: string, version: string): Promise<void> {
  await edit(fleet, CLUSTER, (text) => text.replace(/version: [0-9.]+/, `version: ${version}`));
  await git(fleet, "commit", "-q", "-a", "-m", `Run ${version}`);
}

async function edit(fleet: string, path: string, change: (text: string) => string): Promise<void> {
  const file = join(fleet, path);
  await writeFile(file, change(await readFile(file, "utf8")));
}

function escape(text: string): string {
  return text.replaceAll(/[()[\].+]/g, String.raw`\$&`);
}
