import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeFleet } from "./fleet.ts";

describe("changes", () => {
  test("a dry run shows the diff and commits nothing; the change prints its commit", async () => {
    const { repo, run } = await makeFleet();
    const head = () => execFileSync("git", ["rev-parse", "main"], { cwd: repo, encoding: "utf8" }).trim();
    const before = head();
    const args = ["cluster", "create", "dev", "--context", "kind-dev", "--profile", "hello-universe@1.0.0"];
    const dry = await run([...args, "--dry-run"]);
    expect(dry).toMatchObject({ code: 0, stderr: "" });
    expect(dry.stdout).toContain("+    context: kind-dev\n");
    expect(dry.stdout).toContain("Dry run: Create cluster dev with hello-universe@1.0.0");
    expect(dry.stdout).not.toContain("\u001b");
    expect(head()).toBe(before);
    const made = await run([...args, "-m", "Begin dev"]);
    expect(made.stdout).toBe(`${head().slice(0, 12)} Begin dev\n`);
    expect(execFileSync("git", ["log", "-1", "--format=%an %s"], { cwd: repo, encoding: "utf8" })).toBe(
      "Ada Begin dev\n",
    );
  });

  test("the life of a version from the command line", async () => {
    const { repo, run, json } = await makeFleet();
    await json([
      "cluster",
      "create",
      "dev",
      "--sandbox",
      "--profile",
      "hello-universe@1.0.0",
      "--tag",
      "team:web",
    ]);
    expect(await json(["profile", "version", "hello-universe@1.1.0"])).toMatchObject({
      subject: "Create hello-universe@1.1.0 from 1.0.0",
    });
    const file = join(repo, "profiles/hello-universe/hello-universe/hello-universe.yaml");
    const text = (await readFile(file, "utf8")).replace("replicas: 2", "replicas: 3");
    const edited = await run(
      ["profile", "edit", "hello-universe@1.1.0", "hello-universe", "--file", "-"],
      text,
    );
    expect(edited.stdout).toContain("moved tag profiles/hello-universe/1.1.0");
    expect(
      (await run(["profile", "diff", "hello-universe@1.1.0#1", "hello-universe@1.1.0#2"])).stdout,
    ).toMatch(/^-  replicas: 2\n\+  replicas: 3$/m);
    expect(await json(["use", "dev", "hello-universe@1.1.0"])).toMatchObject({ clusters: ["dev"] });
    expect(await json(["cluster", "list"])).toMatchObject([
      {
        name: "dev",
        tags: ["team:web"],
        health: "unknown",
        profiles: [{ name: "hello-universe", version: "1.1.0", revision: 2 }],
      },
    ]);
    expect((await run(["rollback", "dev"])).stdout).toContain(
      "Roll back dev to hello-universe@1.0.0 revision 1",
    );
    expect(await json(["cluster", "history", "dev"])).toMatchObject([
      { profiles: [{ version: "1.0.0", revision: 1 }] },
      { profiles: [{ version: "1.1.0", revision: 2 }] },
      { profiles: [{ version: "1.0.0", revision: 1 }] },
    ]);
    expect(await json(["profile", "history", "hello-universe@1.1.0"])).toMatchObject([
      { number: 2, current: true },
      { number: 1 },
    ]);
    expect(await json(["check"])).toEqual([]);
    const used = await run(["profile", "delete", "hello-universe@1.0.0"]);
    expect(used.code).toBe(3);
    expect(used.stderr).toContain("error[version-in-use]");
  });

  test("tags, a second profile, renaming and filtering", async () => {
    const { run, json } = await makeFleet();
    await json(["profile", "clone", "hello-universe@1.0.0", "hello-universe-api"]);
    await json(["profile", "tag", "hello-universe-api", "service:api", "backend"]);
    expect(await json(["profile", "list"])).toMatchObject([
      { name: "hello-universe", tags: [] },
      { tags: ["service:api", "backend"] },
    ]);
    await json(["cluster", "create", "a", "--sandbox", "--profile", "hello-universe@1.0.0"]);
    await json(["cluster", "create", "b", "--in-cluster"]);
    await json(["cluster", "attach", "b", "hello-universe-api@1.0.0"]);
    await json(["cluster", "tag", "b", "service:api"]);
    await json(["cluster", "rename", "b", "c"]);
    const listed = await run(["cluster", "list", "--filter", "tags is service:api and not-a-field is x"]);
    expect(listed.code).toBe(2);
    expect((await run(["cluster", "list", "--filter", "tags is service:api"])).stdout).toMatch(
      /^NAME +HEALTH +PROFILES +UPDATES +CONNECTION +TAGS\nc +unknown +hello-universe-api@1\.0\.0 r1 +none +in-cluster +service:api\n$/,
    );
    await json(["cluster", "detach", "c", "hello-universe-api"]);
    await json(["profile", "delete", "hello-universe-api"]);
    expect(await json(["profile", "restore", "hello-universe-api@1.0.0"])).toMatchObject({
      subject: "Restore hello-universe-api@1.0.0",
    });
  });

  test("check names file, line and column, and fails", async () => {
    const { repo, run } = await makeFleet();
    await mkdir(join(repo, "clusters/dev"), { recursive: true });
    await writeFile(
      join(repo, "clusters/dev/cluster.yaml"),
      "apiVersion: strata.dev/v1alpha1\nkind: Cluster\nmetadata:\n  name: dev\n  label: x\nspec:\n  connection: { sandbox: true }\n",
    );
    const { code, stdout } = await run(["check"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^error\[schema-invalid\]: .*label.*\n {2}at clusters\/dev\/cluster\.yaml:5:3/);
    expect(stdout).toMatch(/\n1 error, 0 warnings\n$/);
  });

  test("--wait without an engine refuses before it commits", async () => {
    const { run, json } = await makeFleet();
    await json(["cluster", "create", "dev", "--sandbox", "--profile", "hello-universe@1.0.0"]);
    const refused = await run(["cluster", "tag", "dev", "x", "--wait"]);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/^error\[engine-not-running\].*\n.*strata serve/);
    expect(await json(["cluster", "show", "dev"])).toMatchObject({ tags: [] });
  });
});
