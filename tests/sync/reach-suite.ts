import { execFile } from "node:child_process";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { cutLine } from "../apply/cut-line.ts";
import { commitFiles, git, gitEnv, tempBare, tempDir } from "../support/temp-git.ts";
import { eventually } from "./events.ts";
import { type Fleet, runningFleet } from "./fleet.ts";
import { configMapText, PROFILE_FILE, profileText } from "./fleet-files.ts";
import type { NewFleet } from "./targets.ts";

const exec = promisify(execFile);
const PROGRAM = fileURLToPath(new URL("./close-engine.ts", import.meta.url));

/** Repositories that are pushed to, and clusters and remotes that cannot be reached. */
export function reachSuite(newFleet: NewFleet): void {
  test("what is pushed to a bare repository runs without asking", async () => {
    const fleet = await newFleet({ clusters: ["one"] });
    const bare = await publish(fleet);
    await fleet.start(bare);
    await fleet.sync();
    await git(fleet.dir, "pull", "-q", "--tags", "origin", "main");
    await fleet.commit({
      ...fleet.layer("2"),
      [PROFILE_FILE]: profileText("1.1.0"),
      [fleet.file("one")]: fleet.text("one", "1.1.0"),
    });
    await git(fleet.dir, "push", "-q", "origin", "main");
    await eventually(fleet.engine, () => runs(fleet, "1.1.0"));
    expect(await fleet.running("one")).toBe("2");
    await git(fleet.dir, "pull", "-q", "origin", "main");
    expect(await git(fleet.dir, "log", "-1", "--format=%an: %s")).toBe(`Strata: Lock ${fleet.name("one")}`);
  });

  test("a pushed branch of a version and a tag moved by hand are released without asking", async () => {
    const fleet = await newFleet({ clusters: ["one"] });
    const bare = await publish(fleet);
    await fleet.start(bare);
    await fleet.sync();
    await git(fleet.dir, "fetch", "-q", "--tags", "origin");
    await git(fleet.dir, "checkout", "-q", "-b", "versions/app/1.0.0", "profiles/app/1.0.0");
    await fleet.commit(fleet.layer("branch"), "On its branch");
    await git(fleet.dir, "push", "-q", "origin", "versions/app/1.0.0");
    await eventually(fleet.engine, () => released(fleet, 2));
    await git(fleet.dir, "push", "-q", "origin", ":versions/app/1.0.0");
    const commit = await fleet.commit(fleet.layer("tag"), "By hand");
    await git(fleet.dir, "push", "-q", "--force", "origin", `${commit}:refs/tags/profiles/app/1.0.0`);
    await eventually(fleet.engine, () => released(fleet, 3));
    await fleet.sync();
    expect(fleet.view("one")).toMatchObject({
      health: "healthy",
      profiles: [{ revision: 1, updatesAvailable: true }],
    });
    expect(await git(bare, "for-each-ref", "--format=%(contents)", "refs/tags/revisions")).toMatch(
      /source: refs\/heads\/main[^]*source: refs\/heads\/versions\/app\/1\.0\.0[^]*source: tag/,
    );
    expect(await fleet.running("one")).toBe("1");
    await git(fleet.dir, "checkout", "-q", "main");
    await git(fleet.dir, "pull", "-q", "origin", "main");
  });

  test("a cluster that cannot be reached costs only itself, and heals when its server is back", async () => {
    const lines = new Map<string, Awaited<ReturnType<typeof cutLine>>>();
    const through = async (short: string, server: string): Promise<string> => {
      const line = lines.get(short) ?? (await cutLine(server));
      lines.set(short, line);
      if (short === "one" && !isCut) {
        isCut = true;
        line.cut();
      }
      return line.server;
    };
    let isCut = false;
    onTestFinished(() => {
      for (const line of lines.values()) line.close();
    });
    const fleet = await newFleet({ clusters: ["one", "two"], through });
    await fleet.start();
    await fleet.sync("two");
    expect(fleet.view("two")).toMatchObject({ health: "healthy", blockedBy: [] });
    await eventually(fleet.engine, () => fleet.view("one").health === "unreachable" || undefined);
    expect(fleet.view("one").message).not.toBe("");
    await lines.get("one")?.mend();
    await fleet.sync("one");
    expect(fleet.view("one")).toMatchObject({ health: "healthy", message: "", blockedBy: [] });
    expect([await fleet.running("one"), await fleet.running("two")]).toEqual(["1", "1"]);
  });

  test("a context that the engine may not use stops its cluster alone, until it names another", async () => {
    const fleet = await newFleet({ clusters: ["one", "two"] });
    const text = fleet.text("one", "1.0.0");
    await fleet.commit({ [fleet.file("one")]: text.replace(/context: .* \}/, "context: production }") });
    await fleet.start();
    const [one, two] = await fleet.sync();
    expect(one).toMatchObject({
      health: "degraded",
      blockedBy: [
        { code: "context-not-allowed", hint: expect.stringContaining("--allow-context production") },
      ],
    });
    expect(two).toMatchObject({ health: "healthy", blockedBy: [] });
    expect(await fleet.running("one")).toBeUndefined();
    await fleet.commit({ [fleet.file("one")]: text }, "Name the right one");
    expect((await fleet.sync())[0]).toMatchObject({ health: "healthy", blockedBy: [] });
    expect(await fleet.running("one")).toBe("1");
  });

  test("a connection that cannot be made costs only its cluster, and is tried again without a commit", async () => {
    let isBroken = true;
    const through = async (short: string, server: string): Promise<string> => {
      if (short === "one" && isBroken) throw new Error("no way to it yet");
      return server;
    };
    const fleet = await newFleet({ clusters: ["one", "two"], through });
    await fleet.start();
    const [one, two] = await fleet.sync();
    expect(one).toMatchObject({ health: "degraded", blockedBy: [{ message: "no way to it yet" }] });
    expect(two).toMatchObject({ health: "healthy", blockedBy: [] });
    isBroken = false;
    await eventually(fleet.engine, () => fleet.view("one").health === "healthy" || undefined);
    expect(fleet.view("one")).toMatchObject({ message: "", blockedBy: [] });
    expect(await fleet.running("one")).toBe("1");
  });

  test("a remote is fetched, gets the lock, and may go away for a while", async () => {
    const fleet = await newFleet({ clusters: ["one"] });
    const bare = await publish(fleet);
    await fleet.start(`file://${bare}`);
    await fleet.sync();
    expect(fleet.view("one")).toMatchObject({ health: "healthy", profiles: [{ revision: 1 }] });
    expect(await git(bare, "log", "-1", "--format=%an: %s", "main")).toBe(
      `Strata: Lock ${fleet.name("one")}`,
    );
    expect(await git(bare, "tag")).toBe("profiles/app/1.0.0\nrevisions/app/1.0.0/1");

    await rename(bare, `${bare}-away`);
    await fleet.sync();
    expect(fleet.engine.ready()).toMatchObject({ ready: true, problems: [{ code: "remote-unreachable" }] });
    expect(fleet.view("one")).toMatchObject({ health: "healthy", blockedBy: [] });
    await rename(`${bare}-away`, bare);
    const clone = join(await tempDir(), "clone");
    await git(bare, "clone", "-q", bare, clone);
    const next = { [PROFILE_FILE]: profileText("1.1.0"), [fleet.file("one")]: fleet.text("one", "1.1.0") };
    await commitFiles(clone, { ...next, ...fleet.layer("2") }, "Run 1.1.0");
    await git(clone, "push", "-q", "origin", "main");
    await fleet.sync();
    expect(fleet.engine.ready()).toEqual({ ready: true, problems: [] });
    expect(fleet.view("one")).toMatchObject({ health: "healthy", profiles: [{ version: "1.1.0" }] });
    expect(await fleet.running("one")).toBe("2");
    await git(fleet.dir, "pull", "-q", "origin", "main");
  });

  test("an engine that is closed in a sync leaves nothing behind that keeps its process from ending", async () => {
    const fleet = await newFleet({ clusters: ["one"] });
    const { context } = fleet.target("one");
    const args = [PROGRAM, fleet.dir, await tempDir(), fleet.kubeconfig, context];
    const { stdout } = await exec(process.execPath, args, { env: gitEnv(), timeout: 60_000 });
    expect(stdout).toBe(`closed ${fleet.name("one")}\n`);
  });

  test("who waits for a sync is let go when the engine is closed", async () => {
    const fleet = await newFleet({ clusters: ["one"], through: cutOff });
    await fleet.start();
    const waiting = fleet.sync();
    await eventually(fleet.engine, () => fleet.view("one").health === "unreachable" || undefined);
    await fleet.engine.close();
    expect(await waiting).toMatchObject([{ name: fleet.name("one") }]);
  });

  test("a sync that waits is over when the next commit stops its cluster", async () => {
    const fleet = await runningFleet(newFleet, "one");
    const cluster = fleet.target("one");
    const held = `${fleet.id}-held`;
    const hold = configMapText(held, "1").replace("metadata:", "metadata:\n  finalizers: [example.com/hold]");
    await cluster.kubectl(["create", "-f", "-"], { stdin: hold });
    await cluster.kubectl(["delete", "configmap", held, "--wait=false"]);
    onTestFinished(async () => {
      const free = '{"metadata":{"finalizers":null}}';
      expect((await cluster.kubectl(["patch", "configmap", held, "-p", free])).code).toBe(0);
    });
    const more = { "profiles/app/base/held.yaml": configMapText(held, "2") };
    const choose = { [fleet.file("one")]: fleet.text("one", "1.1.0") };
    await fleet.commit({ [PROFILE_FILE]: profileText("1.1.0"), ...more, ...choose }, "Run what waits");
    await eventually(fleet.engine, () => fleet.view("one").health === "progressing" || undefined);
    const waiting = fleet.sync();
    await fleet.commit({ [fleet.file("one")]: fleet.text("one", "9.9.9") }, "Run what there is not");
    for (const views of [await waiting, await fleet.sync()]) {
      expect(views).toMatchObject([{ health: "degraded", blockedBy: [{ code: "version-unknown" }] }]);
    }
  });
}

/** The URL of a port on which nobody listens any more. */
async function cutOff(_short: string, server: string): Promise<string> {
  const line = await cutLine(server);
  line.close();
  return line.server;
}

/** Makes a bare repository of main; the work tree has it as its remote. */
async function publish(fleet: Fleet): Promise<string> {
  const bare = await tempBare();
  await git(fleet.dir, "remote", "add", "origin", bare);
  await git(fleet.dir, "push", "-q", "origin", "main");
  return bare;
}

/** Whether what main says was applied, and the version is this one. */
function runs(fleet: Fleet, version: string): true | undefined {
  const { health, profiles, lastSync } = fleet.view("one");
  const isApplied = lastSync?.finishedAt !== undefined && lastSync.commit === fleet.engine.head();
  return (isApplied && health === "healthy" && profiles[0]?.version === version) || undefined;
}

function released(fleet: Fleet, number: number): true | undefined {
  const message = `app@1.0.0 revision ${number} released`;
  return fleet.engine.events.recent().some((event) => event.message === message) || undefined;
}
