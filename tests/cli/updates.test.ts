import { execFileSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Fleet, makeFleet } from "./fleet.ts";

const FILE = "profiles/hello-universe/hello-universe/hello-universe.yaml";
const LAYER = "hello-universe/hello-universe";

/** A fleet whose cluster dev runs the example, with one replica as its own. */
async function overridden(): Promise<Fleet> {
  const fleet = await makeFleet();
  await fleet.json([
    "cluster",
    "create",
    "dev",
    "--context",
    "kind-dev",
    "--profile",
    "hello-universe@1.0.0",
  ]);
  const text = (await readFile(join(fleet.repo, FILE), "utf8")).replace("replicas: 2", "replicas: 1");
  expect((await fleet.run(["cluster", "override", "dev", LAYER, "--file", "-"], text)).code).toBe(0);
  return fleet;
}

/** A commit by hand, released. */
async function push(fleet: Fleet, edit: (text: string) => string): Promise<void> {
  const path = join(fleet.repo, FILE);
  await writeFile(path, edit(await readFile(path, "utf8")));
  execFileSync("git", ["commit", "-qam", "Edit by hand"], { cwd: fleet.repo });
  expect((await fleet.run(["release"])).code).toBe(0);
}

test("a revision of other comments has no effect, and that is said", async () => {
  const fleet = await overridden();
  await push(fleet, (text) => `# Looks after itself\n${text}`);
  expect((await fleet.run(["updates"])).stdout).toBe("no updates are pending\n");
  const { stdout } = await fleet.run(["cluster", "updates", "dev"]);
  expect(stdout).toBe("dev has no pending update\nhello-universe@1.0.0 revision 2, no effect\n");
  expect((await fleet.run(["cluster", "show", "dev"])).stdout).toContain("revision 2, no effect");
});

test("an update that cannot be rendered promises nothing, and offers no confirmation", async () => {
  const fleet = await overridden();
  await push(fleet, (text) => text.replace("kind: Deployment", "kind: 5"));
  expect((await fleet.run(["updates"])).stdout).toContain("cannot be rendered");
  const { stdout } = await fleet.run(["cluster", "updates", "dev"]);
  expect(stdout).toContain("It cannot be rendered, and so not be confirmed:\n");
  expect(stdout).toContain(`at ${FILE}:`);
  expect(stdout).not.toMatch(/In the cluster|Confirm with|pruned/);
});

test("an update that leaves an override without its place offers the decision that it needs", async () => {
  const fleet = await overridden();
  await push(fleet, (text) => text.replace("name: hello-universe-deployment", "name: web"));
  const { stdout } = await fleet.run(["cluster", "updates", "dev"]);
  const command = /drop or edit them: strata (.*)\n/.exec(stdout)?.[1] ?? "";
  const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? "");
  expect(args).toContain("Deployment.apps hello-universe/hello-universe-deployment spec.replicas");
  expect(await fleet.run(args)).toMatchObject({ code: 0 });
  expect((await fleet.run(["updates"])).stdout).toBe("no updates are pending\n");
  expect(await readdir(join(fleet.repo, "clusters/dev"))).not.toContain("overrides");
});

test("a dry run of a version change or a confirmation shows what it would do, overrides decided", async () => {
  const fleet = await overridden();
  await fleet.json(["profile", "version", "hello-universe@1.1.0"]);
  await push(fleet, (text) => text.replace("replicas: 2", "replicas: 4"));
  const use = ["cluster", "use", "dev", "hello-universe@1.1.0", "--dry-run"];
  const kept = await fleet.run(use);
  expect(kept.stdout).toContain("hello-universe@1.0.0 revision 1 → hello-universe@1.1.0 revision 2");
  expect(kept.stdout).toContain("spec.replicas: 2 → 4");
  expect(kept.stdout).toContain("In the cluster: nothing changes\n");
  const dropped = await fleet.run([...use, "--drop", "spec.replicas"]);
  expect(dropped.stdout).toMatch(/ - {3}replicas: 1\n.* \+ {3}replicas: 4\n/);
  expect(dropped.stdout).toContain("  changed Deployment.apps hello-universe/hello-universe-deployment\n");
  expect(await fleet.json([...use, "--drop", "spec.replicas"])).toMatchObject({
    commit: null,
    plans: [{ cluster: "dev", fromVersion: "1.0.0", version: "1.1.0", from: 1, to: 2 }],
  });
});
