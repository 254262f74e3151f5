import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PlanView } from "../../engine/model/plan.ts";
import type { ClusterView, PruneView } from "../../engine/model/view.ts";
import { git } from "../support/temp-git.ts";
import { initFleet, startServe } from "./cli.ts";
import { onEachTarget } from "./targets.ts";

const PROFILE = "profiles/hello-universe/profile.yaml";
const LAYER = "profiles/hello-universe/hello-universe/more.yaml";
const CLUSTER = "clusters/dev/cluster.yaml";

onEachTarget(1, (makeTarget) => {
  test("a push that would delete most of a cluster stops; the command that it names lets it go on", async () => {
    const target = makeTarget();
    const { fleet, cli } = await initFleet();
    const push = async (version: string, parts: number) => {
      for (const path of [PROFILE, CLUSTER]) {
        const text = await readFile(join(fleet, path), "utf8").catch(() => "");
        if (text !== "")
          await writeFile(join(fleet, path), text.replace(/version: [0-9.]+/, `version: ${version}`));
      }
      await writeFile(join(fleet, LAYER), partsText(parts));
      await git(fleet, "add", ".");
      await git(fleet, "commit", "-q", "-m", `Run ${version} with ${parts} parts`);
    };
    const kubectl = (...args: string[]) => target.kubectl(cli, 0, "dev", ...args, "-n", "hello-universe");
    const parts = async () => (await kubectl("get", "configmap", "-o", "name")).match(/part-/g)?.length ?? 0;
    await push("1.0.1", 17);
    let serving = await startServe(cli, fleet, target.serve);
    const create = ["cluster", "create", "dev", "--profile", "hello-universe@1.0.1", ...target.connection(0)];
    await cli.ok([...create, "--wait"]);

    await push("1.0.2", 3);
    const synced = await cli.run(["sync", "dev"]);
    expect(synced).toMatchObject({ code: 1, stdout: expect.stringContaining("error[prune-stopped]: dev: ") });
    const { massDeletion, ...view } = await cli.json<ClusterView>(["cluster", "show", "dev"]);
    expect([view.health, massDeletion]).toMatchObject(["degraded", { deletes: 14, of: 20 }]);
    const id = massDeletion?.id ?? "";
    const command = `strata cluster prune dev --plan ${id}`;
    for (const args of [["cluster", "show", "dev"], ["cluster", "list"], ["status"], ["events"]]) {
      const shown = await cli.ok(args);
      for (const part of ["14 of 20 objects", command]) expect.soft(shown, args.join(" ")).toContain(part);
    }
    expect(await parts()).toBe(17);

    // A new engine knows it too, and the list is the same.
    await serving.stop();
    serving = await startServe(cli, fleet, target.serve);
    const listed = await cli.ok(["cluster", "prune", "dev"]);
    expect(listed).toContain("a sync of dev would delete 14 of 20 objects");
    expect(listed).toMatch(
      /^hello-universe\/hello-universe +ConfigMap hello-universe\/part-17 +the layer no longer has it$/m,
    );
    expect(listed).toContain(`Let them go with: ${command}\n`);
    const data = await cli.json<PruneView>(["cluster", "prune", "dev"]);
    expect([data.massDeletion, data.stopped.length]).toEqual([massDeletion, 14]);

    // What was looked at is no longer what would go.
    await push("1.0.3", 2);
    const refused = await cli.run(["cluster", "prune", "dev", "--plan", id]);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("error[plan-outdated]") });
    expect(refused.stderr).toContain("ConfigMap hello-universe/part-3 would go too");
    const now = (await cli.json<PruneView>(["cluster", "prune", "dev"])).massDeletion?.id ?? "";
    expect(await cli.run(["cluster", "prune", "dev", "--plan", "part-3"])).toMatchObject({ code: 2 });
    expect(await cli.run(["cluster", "prune", "dev", "--plan", now, "--protected"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`plan ${now} takes no kept volumes\n  hint: leave out --protected`),
    });
    expect(await parts()).toBe(17);
    await cli.ok(["cluster", "prune", "dev", "--plan", now, "--wait"]);
    expect(await parts()).toBe(2);
    expect(await git(fleet, "log", "-1", "--format=%s", "main")).toBe("Let 15 of 20 objects go from dev");
    expect(await cli.ok(["check"])).not.toContain("prune");
    expect(await cli.ok(["cluster", "prune", "dev"])).toBe("nothing that left dev is stopped or kept\n");

    // A plan that lists as much says so, and confirming it is the word.
    const edit = ["profile", "edit", "hello-universe@1.0.3", "hello-universe/more.yaml", "--file", "-"];
    await cli.ok(edit, { input: partsText(17) });
    await cli.ok(["cluster", "confirm", "dev", "--wait"]);
    await cli.ok(edit, { input: partsText(1) });
    expect(await cli.ok(["updates"])).toContain("deletes 16 of 20 objects");
    expect(await cli.ok(["cluster", "updates", "dev"])).toContain("16 of the cluster's 20 objects go");
    const [plan] = await cli.json<PlanView[]>(["cluster", "updates", "dev"]);
    expect(plan?.massDeletion).toMatchObject({ deletes: 16, of: 20 });
    const confirmed = await cli.ok(["cluster", "confirm", "dev", "--plan", plan?.plan ?? "", "--wait"]);
    expect(confirmed).toContain("removes 16 of 20 objects: ConfigMap hello-universe/part-");
    expect(await parts()).toBe(1);

    // Without an engine the cluster itself is asked; a sandbox is in the engine.
    await serving.stop();
    const alone = await cli.run(["cluster", "prune", "dev", ...target.serve]);
    const [code, text] = target.serve.length > 0 ? [0, "nothing that left dev"] : [4, "engine-not-running"];
    expect([alone.code, `${alone.stdout}${alone.stderr}`]).toEqual([code, expect.stringContaining(text)]);
  }, 300_000);
});

function partsText(count: number): string {
  const part = (index: number) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: part-${index + 1}, namespace: hello-universe }\n`;
  return Array.from({ length: count }, (_, index) => part(index)).join("---\n");
}
