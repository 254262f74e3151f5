import { once } from "node:events";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Fleet, makeFleet } from "./fleet.ts";
import { homeEnvironment, startStrata, strata } from "./run-strata.ts";

interface Announced {
  readonly address: string;
  readonly pid: number;
  readonly file: string;
}

/** An engine as its users start it, on the fleet; killed with the test if it still runs. */
async function startEngine(fleet: Fleet, args: readonly string[] = []) {
  const child = startStrata(["serve", "-o", "json", ...args], {
    cwd: fleet.repo,
    env: homeEnvironment(fleet.home),
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  const ended = once(child, "close") as Promise<[number | null]>;
  await expect
    .poll(() => (child.exitCode === null ? stdout.endsWith("}\n") : stderr), { timeout: 20_000 })
    .toBe(true);
  const announced = JSON.parse(stdout) as Announced;
  const ready = () => fetch(`${announced.address}/readyz`).then((response) => response.status);
  await expect.poll(ready, { timeout: 20_000 }).toBe(200);
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => {
    child.kill(signal);
    const [code] = await ended;
    return code;
  };
  return { announced, stop, log: () => stderr };
}

/** A fleet with a cluster that no engine may reach, which settles at once. */
async function fleetWithCluster(): Promise<Fleet> {
  const fleet = await makeFleet();
  await fleet.json([
    "cluster",
    "create",
    "dev",
    "--context",
    "not-allowed",
    "--profile",
    "hello-universe@1.0.0",
  ]);
  return fleet;
}

describe("serve", () => {
  test("answers the CLI, wherever in the repository or in a clone of it, and stops cleanly", async () => {
    const fleet = await fleetWithCluster();
    const { announced, stop, log } = await startEngine(fleet);
    const env = homeEnvironment(fleet.home);
    const blocked = [{ name: "dev", health: "degraded", blockedBy: [{ code: "context-not-allowed" }] }];
    await expect.poll(() => fleet.json(["cluster", "list"]), { timeout: 20_000 }).toMatchObject(blocked);
    const status = await strata(["status"], { cwd: join(fleet.repo, "profiles"), env });
    expect(status.stdout).toContain(`engine at ${announced.address} (pid ${announced.pid})`);
    const clone = join(fleet.home, "clone");
    execFileSync("git", ["clone", "-q", fleet.repo, clone], { env });
    expect((await strata(["status"], { cwd: clone, env })).stdout).toContain(announced.address);
    const { token } = JSON.parse(await readFile(announced.file, "utf8")) as { token: string };
    expect(await stop()).toBe(0);
    expect(log()).not.toContain(token);
    await expect(readFile(announced.file)).rejects.toThrow("ENOENT");
    expect((await fleet.run(["events"])).code).toBe(4);
  });

  test("a second engine is refused with the pid of the first; one that was killed does not stand in the way", async () => {
    const fleet = await fleetWithCluster();
    const first = await startEngine(fleet);
    const second = await fleet.run(["serve"]);
    expect(second.code).toBe(3);
    expect(second.stderr).toContain(`pid ${first.announced.pid}`);
    await first.stop("SIGKILL");
    expect((await fleet.run(["events"])).code).toBe(4);
    const third = await startEngine(fleet, ["--log-format", "json"]);
    expect(await third.stop("SIGINT")).toBe(0);
    expect(
      third
        .log()
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
    ).toContain("stopping");
  });

  test("--wait, sync and diff follow a change through it and fail where a cluster is not healthy", async () => {
    const fleet = await fleetWithCluster();
    const { stop } = await startEngine(fleet);
    const tagged = await fleet.run(["cluster", "tag", "dev", "x", "--wait", "-o", "json"]);
    expect(tagged.code).toBe(1);
    expect(JSON.parse(tagged.stdout)).toMatchObject({
      subject: "Tag dev with x",
      live: [{ name: "dev", tags: ["x"], health: "degraded" }],
    });
    expect(tagged.stderr).toMatch(/✖ dev degraded \(\d+\.\ds\): the engine may not use the context/);
    const synced = await fleet.run(["sync", "dev"]);
    expect(synced.code).toBe(1);
    expect(synced.stdout).toContain("error[context-not-allowed]");
    expect((await fleet.run(["sync", "nothing"])).code).toBe(2);
    expect((await fleet.run(["diff", "dev"])).stderr).toContain("context-not-allowed");
    const events = (await fleet.run(["events", "-o", "json"])).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(events).toContainEqual(
      expect.objectContaining({ type: "health", cluster: "dev", state: "degraded" }),
    );
    await stop();
  });

  test("a commit is seen by who follows the events", async () => {
    const fleet = await fleetWithCluster();
    const { stop } = await startEngine(fleet);
    const follower = startStrata(["events", "--follow", "-o", "json"], {
      cwd: fleet.repo,
      env: homeEnvironment(fleet.home),
    });
    onTestFinished(() => void follower.kill("SIGKILL"));
    let seen = "";
    follower.stdout.on("data", (chunk: Buffer) => (seen += chunk.toString()));
    const ended = once(follower, "close");
    const { commit } = (await fleet.json(["profile", "tag", "hello-universe", "x"])) as { commit: string };
    await expect.poll(() => seen, { timeout: 20_000 }).toContain(`"commit":"${commit}"`);
    follower.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    await stop();
  });
});

test("sync without an engine touches only the clusters that are named", async () => {
  const fleet = await fleetWithCluster();
  await fleet.json(["cluster", "create", "try", "--sandbox"]);
  const both = await fleet.run(["sync", "-o", "json"]);
  expect(both.code).toBe(1);
  expect(JSON.parse(both.stdout)).toMatchObject([
    { name: "dev", blockedBy: [{ code: "context-not-allowed" }] },
    { name: "try", blockedBy: [{ code: "engine-not-running" }] },
  ]);
  const one = await fleet.run(["sync", "dev", "-o", "json"]);
  expect(JSON.parse(one.stdout)).toMatchObject([{ name: "dev" }]);
  expect(one.stderr).not.toContain("try");
});
