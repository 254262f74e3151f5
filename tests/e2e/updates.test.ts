import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PlanView, UpdateView } from "../../engine/model/plan.ts";
import type { ClusterView } from "../../engine/model/view.ts";
import { git } from "../support/temp-git.ts";
import { initFleet, startServe } from "./cli.ts";
import { onEachTarget } from "./targets.ts";

const LAYER = "profiles/hello-universe/hello-universe/hello-universe.yaml";
const OVERRIDE = "clusters/aws-cluster/overrides/hello-universe/hello-universe.yaml";
const DEPLOYMENT = "Deployment.apps hello-universe/hello-universe-deployment";

/** The tutorial from its override on: one cluster changed, the profile updated in place, the update confirmed. */
onEachTarget(2, (makeTarget) => {
  test("an override survives an update in place until the user decides", async () => {
    const target = makeTarget();
    const { fleet, cli } = await initFleet();
    const serving = await startServe(cli, fleet, target.serve);
    for (const [index, name] of ["aws-cluster", "other-cluster"].entries()) {
      const profile = ["--profile", "hello-universe@1.0.0"];
      await cli.ok(["cluster", "create", name, ...profile, ...target.connection(index), "--wait"]);
    }
    const show = () => cli.json<ClusterView>(["cluster", "show", "aws-cluster"]);
    const query = ["get", "deployment", "hello-universe-deployment", "-n", "hello-universe"];
    const replicas = (index = 0, name = "aws-cluster") =>
      target.kubectl(cli, index, name, ...query, "-o", "jsonpath={.spec.replicas} {.status.readyReplicas}");
    const profileText = await readFile(join(fleet, LAYER), "utf8");
    const withReplicas = (count: number) => profileText.replace("replicas: 2", `replicas: ${count}`);
    const override = ["cluster", "override", "aws-cluster", "hello-universe/hello-universe"];

    // One replica for one cluster: the patch holds that one field.
    await cli.ok([...override, "--file", "-", "--wait"], { input: withReplicas(1) });
    expect(await replicas()).toBe("1 1");
    expect(await replicas(1, "other-cluster")).toBe("2 2");
    const patch = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: hello-universe-deployment
  namespace: hello-universe
spec:
  replicas: 1
`;
    expect(await readFile(join(fleet, OVERRIDE), "utf8")).toBe(patch);
    expect(await show()).toMatchObject({
      health: "healthy",
      overrides: [{ object: DEPLOYMENT, path: "spec.replicas", value: 1, profileValue: 2, state: "kept" }],
    });
    const shown = await cli.json<{ text: string; overriddenLines: number[] }>([...override, "--show"]);
    expect(shown).toMatchObject({ text: withReplicas(1), overriddenLines: [26] });

    // 1.1.0 is main's; 1.0.0 is edited in place. Nothing is applied, both clusters on it have an update.
    await cli.ok(["profile", "version", "hello-universe@1.1.0"]);
    const edit = ["profile", "edit", "hello-universe@1.0.0", "hello-universe", "--file", "-"];
    await cli.ok(edit, { input: withReplicas(3) });
    await cli.ok(["sync"]);
    expect([await replicas(), await replicas(1, "other-cluster")]).toEqual(["1 1", "2 2"]);
    const updates = await cli.json<UpdateView[]>(["updates"]);
    expect(updates).toMatchObject([
      { cluster: "aws-cluster", from: 1, to: 2, changes: 1, overrides: { conflict: 1, kept: 0 } },
      { cluster: "other-cluster", from: 1, to: 2, changes: 1, overrides: { conflict: 0, kept: 0 } },
    ]);
    const [plan] = await cli.json<PlanView[]>(["cluster", "updates", "aws-cluster"]);
    expect(plan).toMatchObject({
      plan: updates[0]?.plan,
      layers: [
        {
          current: withReplicas(1),
          pending: withReplicas(1),
          changes: [{ object: DEPLOYMENT, path: "spec.replicas", before: 2, after: 3 }],
          overrides: [{ path: "spec.replicas", value: 1, before: 2, after: 3, state: "conflict" }],
        },
      ],
      effects: [],
    });
    const dryRun = ["cluster", "updates", "other-cluster", "--server-dry-run"];
    expect(await cli.json<PlanView[]>(dryRun)).toMatchObject([
      { plan: updates[1]?.plan, effects: [{ object: DEPLOYMENT, effect: "changed", why: "" }] },
    ]);

    // The right side is set to 3: no override is left, three replicas run.
    const confirm = [
      "cluster",
      "confirm",
      "aws-cluster",
      "--plan",
      plan?.plan ?? "",
      "--file",
      "-",
      "--wait",
    ];
    const said = await cli.ok(confirm, { input: withReplicas(3) });
    expect(said).toContain("override dropped: ");
    expect(await replicas()).toBe("3 3");
    expect(await git(fleet, "ls-tree", "-r", "--name-only", "HEAD", "clusters/aws-cluster")).toBe(
      "clusters/aws-cluster/cluster.yaml\nclusters/aws-cluster/strata.lock",
    );
    expect(await show()).toMatchObject({ health: "healthy", overrides: [], profiles: [{ revision: 2 }] });
    expect(await cli.run(confirm, { input: withReplicas(3) })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("error[plan-outdated]"),
    });

    // The many at once; then the revision before, and the state with the override.
    await cli.ok(["updates", "confirm", "--filter", "name is other-cluster", "--wait"]);
    expect(await replicas(1, "other-cluster")).toBe("3 3");
    expect(await cli.json(["updates"])).toEqual([]);
    await cli.ok(["cluster", "rollback", "aws-cluster", "--wait"]);
    expect(await replicas()).toBe("1 1");
    expect(await readFile(join(fleet, OVERRIDE), "utf8")).toBe(patch);
    await cli.ok([...override, "--remove", "spec.replicas", "--wait"]);
    expect(await replicas()).toBe("2 2");
    await cli.ok(["cluster", "use", "aws-cluster", "hello-universe@1.0.0", "--latest", "--wait"]);
    expect(await replicas()).toBe("3 3");

    // The end: both clusters and the profile go, and every commit is still there.
    const commits = (await git(fleet, "rev-list", "main")).split("\n");
    for (const [index, name] of ["aws-cluster", "other-cluster"].entries()) {
      await cli.ok(["cluster", "delete", name, "--confirm", name, "--wait"]);
      expect(await target.kubectl(cli, index, name, "get", "namespaces", "-o", "name")).not.toContain(
        "hello-",
      );
    }
    expect(await git(fleet, "ls-tree", "--name-only", "HEAD", "clusters/")).toBe("");
    await cli.ok(["profile", "delete", "hello-universe@1.0.0"]);
    await git(fleet, "rm", "-r", "-q", "profiles/hello-universe");
    await git(fleet, "commit", "-q", "-m", "Remove the profile");
    await cli.ok(["profile", "delete", "hello-universe@1.1.0"]);
    expect(await git(fleet, "tag", "-l", "profiles/*")).toBe("");
    const reachable = new Set((await git(fleet, "rev-list", "--all")).split("\n"));
    expect(commits.filter((commit) => !reachable.has(commit))).toEqual([]);
    expect(await serving.stop()).toBe(0);
  }, 300_000);
});
