import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git, writeFiles } from "../support/temp-git.ts";
import { runningFleet } from "./fleet.ts";
import { PROFILE_FILE, profileText, webText } from "./fleet-files.ts";
import type { NewFleet } from "./targets.ts";

/** Versions, from the commit that names one to the cluster that runs it. */
export function versionsSuite(newFleet: NewFleet): void {
  test("a cluster runs the version that is chosen, the next one, and the first one again", async () => {
    const fleet = await runningFleet(newFleet, "one");
    expect(await fleet.running("one")).toBe("1");
    const web = { "profiles/app/web/web.yaml": webText(fleet.id) };
    const next = { [PROFILE_FILE]: profileText("1.1.0", "web"), ...web, ...fleet.layer("2") };
    await fleet.commit(next, "Make 1.1.0");
    await fleet.sync();
    expect(await fleet.running("one")).toBe("1");
    for (const [version, value] of [
      ["1.1.0", "2"],
      ["1.0.0", "1"],
    ] as const) {
      await fleet.commit({ [fleet.file("one")]: fleet.text("one", version) }, `Run ${version}`);
      const [view] = await fleet.sync();
      expect(view).toMatchObject({
        health: "healthy",
        blockedBy: [],
        profiles: [{ version, revision: 1, updatesAvailable: false }],
      });
      expect(await fleet.running("one")).toBe(value);
    }
  });

  test("a commit that changes nothing for a cluster costs it no request, and a second look none", async () => {
    const fleet = await runningFleet(newFleet, "one", "two");
    const before = fleet.requests;
    expect(before).toBeGreaterThan(0);
    await fleet.commit({ "NOTES.md": "unrelated\n" });
    const views = await fleet.sync();
    expect(views.map(({ health }) => health)).toEqual(["healthy", "healthy"]);
    await fleet.sync();
    expect(fleet.requests).toBe(before);
  });

  test("a version edited by hand is locked in one commit for all clusters, and a second pass writes nothing", async () => {
    const fleet = await runningFleet(newFleet, "one", "two");
    await fleet.commit({ [PROFILE_FILE]: profileText("1.1.0"), ...fleet.layer("2") }, "Make 1.1.0");
    await fleet.sync();
    const choose = Object.fromEntries(
      ["one", "two"].map((one) => [fleet.file(one), fleet.text(one, "1.1.0")]),
    );
    await fleet.commit(choose, "Run 1.1.0");
    const views = await fleet.sync();
    expect(views.map(({ health, profiles }) => [health, profiles[0]?.version])).toEqual([
      ["healthy", "1.1.0"],
      ["healthy", "1.1.0"],
    ]);
    expect(await git(fleet.dir, "log", "-2", "--format=%an: %s")).toBe(
      "Strata: Lock 2 clusters\nAda Example: Run 1.1.0",
    );
    expect(await git(fleet.dir, "show", "--format=", "--name-only", "HEAD")).toBe(
      [fleet.lock("one"), fleet.lock("two")].join("\n"),
    );
    const tip = await git(fleet.dir, "rev-parse", "main");
    await fleet.sync();
    expect(await git(fleet.dir, "rev-parse", "main")).toBe(tip);
    expect(await git(fleet.dir, "status", "--porcelain")).toBe("");
    expect([await fleet.running("one"), await fleet.running("two")]).toEqual(["2", "2"]);
  });

  test("going back by hand runs what ran there before, and what is newer is an update", async () => {
    const fleet = await runningFleet(newFleet, "one");
    const tree = await git(fleet.dir, "rev-parse", "HEAD:profiles/app");
    await fleet.commit(fleet.layer("newer"), "Change 1.0.0 in place");
    expect((await fleet.sync())[0]?.profiles).toMatchObject([{ revision: 1, updatesAvailable: true }]);
    await fleet.commit({
      [PROFILE_FILE]: profileText("1.1.0"),
      [fleet.file("one")]: fleet.text("one", "1.1.0"),
    });
    expect((await fleet.sync())[0]?.profiles).toMatchObject([{ version: "1.1.0" }]);
    expect(await fleet.running("one")).toBe("newer");
    await fleet.commit({ [fleet.file("one")]: fleet.text("one", "1.0.0") }, "Back to 1.0.0");
    const [view] = await fleet.sync();
    expect(view).toMatchObject({
      health: "healthy",
      profiles: [{ version: "1.0.0", revision: 1, updatesAvailable: true }],
    });
    expect(await git(fleet.dir, "show", `HEAD:${fleet.lock("one")}`)).toContain(`tree: ${tree}`);
    expect(await fleet.running("one")).toBe("1");
  });

  test("one commit that makes a version and chooses it is released, locked and applied", async () => {
    const fleet = await newFleet({ clusters: ["one"] });
    expect(await git(fleet.dir, "tag")).toBe("");
    await fleet.start();
    const [view] = await fleet.sync();
    expect(view).toMatchObject({ health: "healthy", profiles: [{ version: "1.0.0", revision: 1 }] });
    expect(await git(fleet.dir, "tag")).toBe("profiles/app/1.0.0\nrevisions/app/1.0.0/1");
    const tree = await git(fleet.dir, "rev-parse", "profiles/app/1.0.0:profiles/app");
    expect(await git(fleet.dir, "show", `HEAD:${fleet.lock("one")}`)).toBe(
      `profiles:\n  app: { version: 1.0.0, revision: 1, tree: ${tree} }`,
    );
    expect(await fleet.running("one")).toBe("1");
  });

  test("a version's tag that vanished stops nobody, and is said", async () => {
    const fleet = await runningFleet(newFleet, "one");
    await git(fleet.dir, "tag", "-d", "profiles/app/1.0.0");
    const [view] = await fleet.sync();
    expect(view).toMatchObject({ health: "healthy", blockedBy: [] });
    expect(fleet.engine.ready().problems).toMatchObject([{ code: "version-tag-missing" }]);
    expect(await fleet.running("one")).toBe("1");
  });

  test("a renamed cluster directory takes its inventory along, and nothing is made anew", async () => {
    const fleet = await runningFleet(newFleet, "one");
    const created = () =>
      fleet.target("one").kubectl(["get", "configmap", fleet.id, "-o", "jsonpath={.metadata.uid}"]);
    const { stdout: uid } = await created();
    const [from, to] = [fleet.name("one"), fleet.name("renamed")];
    await git(fleet.dir, "mv", `clusters/${from}`, `clusters/${to}`);
    const text = fleet.text("one", "1.0.0").replace(`name: ${from}`, `name: ${to}`);
    await writeFiles(fleet.dir, { [`clusters/${to}/cluster.yaml`]: text });
    await git(fleet.dir, "commit", "-q", "-a", "-m", "Rename it");
    const views = await fleet.sync();
    expect(views).toMatchObject([{ name: to, health: "healthy", blockedBy: [] }]);
    expect((await created()).stdout).toBe(uid);
    expect(uid).not.toBe("");
    expect(fleet.engine.events.recent()).toContainEqual(
      expect.objectContaining({ cluster: from, message: expect.stringContaining("left the repository") }),
    );
  });

  test("what runs in a cluster whose directory was removed is left alone", async () => {
    const fleet = await runningFleet(newFleet, "one");
    const files = Object.fromEntries([[fleet.file("one"), fleet.text("one", "1.0.0")]]);
    await rm(join(fleet.dir, "clusters"), { recursive: true });
    await git(fleet.dir, "commit", "-q", "-a", "-m", "Remove it");
    expect(await fleet.sync()).toEqual([]);
    expect(await fleet.running("one")).toBe("1");
    await fleet.commit(files, "Have it back");
    expect(await fleet.sync()).toMatchObject([{ health: "healthy" }]);
  });
}
