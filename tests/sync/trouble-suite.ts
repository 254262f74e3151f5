import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockClusters, lockWorkTree } from "../../engine/actions/index.ts";
import type { Engine } from "../../engine/sync/engine.ts";
import { git, signal, writeFiles } from "../support/temp-git.ts";
import { eventually } from "./events.ts";
import { runningFleet } from "./fleet.ts";
import { configMapText, PROFILE_FILE, profileText } from "./fleet-files.ts";
import type { NewFleet } from "./targets.ts";

/** What is wrong in the repository: clusters keep what they run, say why, and heal with the commit that mends it. */
export function troubleSuite(newFleet: NewFleet): void {
  test("a lock whose content a squash merge blended leaves the cluster as it is, until it is locked anew", async () => {
    const fleet = await runningFleet(newFleet, "one");
    await git(fleet.dir, "checkout", "-q", "-b", "change");
    await writeFiles(fleet.dir, fleet.layer("2"));
    await lockWorkTree(fleet.repo, { signal: signal() });
    await fleet.commit({}, "Two, but locked as it was");
    const tree = await git(fleet.dir, "rev-parse", "HEAD:profiles/app");
    const lock = `profiles:\n  app: { version: 1.0.0, tree: ${tree} }\n`;
    await fleet.commit({ [fleet.lock("one")]: lock }, "Two, for this cluster");
    await git(fleet.dir, "checkout", "-q", "main");
    await fleet.commit({ "profiles/app/base/more.yaml": configMapText(`${fleet.id}-more`, "2") }, "More");
    await fleet.sync();
    await git(fleet.dir, "merge", "-q", "--squash", "change");
    await git(fleet.dir, "commit", "-q", "-m", "Merge the change");
    const [blocked] = await fleet.sync();
    expect(blocked).toMatchObject({
      health: "degraded",
      message: expect.stringContaining("changed by the merge"),
      blockedBy: [
        {
          code: "lock-content-unknown",
          file: fleet.lock("one"),
          hint: expect.stringContaining("strata lock"),
        },
      ],
    });
    expect(await fleet.running("one")).toBe("1");
    await lockClusters(fleet.repo, { signal: signal() });
    const [healed] = await fleet.sync();
    expect(healed).toMatchObject({ health: "healthy", message: "", blockedBy: [] });
    expect([await fleet.running("one"), await fleet.running("one", `${fleet.id}-more`)]).toEqual(["2", "2"]);
  });

  test.each([
    {
      what: "a profile that is not valid",
      files: { [PROFILE_FILE]: `${profileText("1.1.0")}    - { name: base, type: manifest, surplus: 1 }\n` },
      problem: { code: "schema-invalid", file: "profiles/app/profile.yaml", line: 10 },
    },
    {
      what: "a manifest that is broken",
      files: { "profiles/app/base/more.yaml": "kind: Nothing\n" },
      problem: { code: "manifest-invalid", file: "profiles/app/base/more.yaml", line: 1 },
    },
    {
      what: "an object in two layers",
      files: {
        [PROFILE_FILE]: profileText("1.1.0", "again"),
        "profiles/app/again/objects.yaml": configMapText("twice", "1"),
        "profiles/app/base/more.yaml": configMapText("twice", "2"),
      },
      problem: { code: "object-duplicate" },
    },
  ])("$what stops the cluster that takes it, says where, and no other", async ({ files, problem }) => {
    const fleet = await runningFleet(newFleet, "one", "two");
    await writeFiles(fleet.dir, { [PROFILE_FILE]: profileText("1.1.0"), ...fleet.layer("2"), ...files });
    await git(fleet.dir, "add", "-A");
    const tree = (await git(fleet.dir, "write-tree", "--prefix=profiles/app/")).trim();
    const lock = `profiles:\n  app: { version: 1.1.0, tree: ${tree} }\n`;
    const choose = { [fleet.file("one")]: fleet.text("one", "1.1.0"), [fleet.lock("one")]: lock };
    await fleet.commit(choose, "Break one");
    const [one, two] = await fleet.sync();
    expect(one).toMatchObject({ health: "degraded" });
    expect(one?.blockedBy).toContainEqual(expect.objectContaining(problem));
    expect(two).toMatchObject({ health: "healthy", blockedBy: [] });
    expect(await fleet.running("one")).toBe("1");

    await git(fleet.dir, "rm", "-q", "-r", "profiles/app");
    const mended = { [PROFILE_FILE]: profileText("1.2.0"), ...fleet.layer("3") };
    await fleet.commit(
      {
        ...mended,
        [fleet.file("one")]: fleet.text("one", "1.2.0"),
        [fleet.file("two")]: fleet.text("two", "1.2.0"),
      },
      "Mend it",
    );
    const views = await fleet.sync();
    expect(views.map(({ health, blockedBy }) => [health, blockedBy])).toEqual([
      ["healthy", []],
      ["healthy", []],
    ]);
    expect([await fleet.running("one"), await fleet.running("two")]).toEqual(["3", "3"]);
  });

  test("a cluster.yaml that is not valid stops its cluster alone", async () => {
    const fleet = await runningFleet(newFleet, "one", "two");
    const text = fleet.text("one", "1.0.0");
    await fleet.commit({
      ...fleet.layer("2"),
      [PROFILE_FILE]: profileText("1.1.0"),
      [fleet.file("one")]: `${text}  surplus: 1\n`,
      [fleet.file("two")]: fleet.text("two", "1.1.0"),
    });
    const [one, two] = await fleet.sync();
    expect(one).toMatchObject({
      health: "degraded",
      blockedBy: [{ file: fleet.file("one"), line: 9, message: expect.stringContaining("surplus") }],
    });
    expect(two).toMatchObject({ health: "healthy", profiles: [{ version: "1.1.0" }] });
    expect([await fleet.running("one"), await fleet.running("two")]).toEqual(["1", "2"]);
    await fleet.commit({ [fleet.file("one")]: text }, "Mend it");
    expect((await fleet.sync())[0]).toMatchObject({ health: "healthy", blockedBy: [] });
  });

  test("a lock that cannot be written is said, and nothing is applied for it", async () => {
    const fleet = await runningFleet(newFleet, "one", "two");
    await fleet.commit({ [PROFILE_FILE]: profileText("1.1.0"), ...fleet.layer("2") }, "Make 1.1.0");
    await fleet.sync();
    const lock = join(fleet.dir, fleet.lock("one"));
    const before = await readFile(lock, "utf8");
    await writeFile(lock, `# mine\n${before}`);
    await writeFiles(fleet.dir, { [fleet.file("one")]: fleet.text("one", "1.1.0") });
    await git(fleet.dir, "commit", "-q", "-m", "Run 1.1.0", fleet.file("one"));
    const [one, two] = await fleet.sync();
    expect(one?.blockedBy).toMatchObject([{ code: "lock-missing", file: fleet.lock("one") }]);
    expect(two).toMatchObject({ health: "healthy", blockedBy: [] });
    expect(fleet.engine.ready().problems).toMatchObject([{ code: "dirty-files", file: fleet.lock("one") }]);
    expect(await readFile(lock, "utf8")).toBe(`# mine\n${before}`);
    expect(await fleet.running("one")).toBe("1");
    await writeFile(lock, before);
    const [healed] = await fleet.sync();
    expect(healed).toMatchObject({ health: "healthy", blockedBy: [], profiles: [{ version: "1.1.0" }] });
    expect(fleet.engine.ready().problems).toEqual([]);
    expect(await fleet.running("one")).toBe("2");
  });

  test("a diff shows what a layer would change, and nothing where nothing differs", async () => {
    const fleet = await runningFleet(newFleet, "one");
    expect((await fleet.engine.diff(fleet.name("one"), signal())).objects).toEqual([]);
    // What somebody changes stays changed only once it is contested.
    for (const [at, value] of ["4", "5", "6", "7"].entries()) {
      const args = ["patch", "configmap", fleet.id, "-p", JSON.stringify({ data: { value } })];
      await fleet.target("one").kubectl(args);
      if (at < 3) await putBack(fleet.engine, at + 1);
    }
    const { objects } = await fleet.engine.diff(fleet.name("one"), signal());
    expect(objects.map(({ object, change }) => [object, change])).toEqual([
      [`ConfigMap default/${fleet.id}`, "update"],
    ]);
    expect(objects[0]?.diff.split("\n").filter((line) => /^[+-] /.test(line))).toEqual([
      '-  value: "7"',
      '+  value: "1"',
    ]);
  });
}

async function putBack(engine: Engine, times: number): Promise<void> {
  await eventually(engine, () => {
    const drift = engine.events.recent().filter(({ type }) => type === "drift");
    return drift.length >= times ? drift : undefined;
  });
}
