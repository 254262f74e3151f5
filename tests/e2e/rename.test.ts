import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import type { ClusterView } from "../../engine/model/view.ts";
import { git } from "../support/temp-git.ts";
import { type Cli, initFleet, startServe } from "./cli.ts";
import { onEachTarget, type Target } from "./targets.ts";

const Meta = z.object({
  name: z.string(),
  uid: z.string(),
  generation: z.number().optional(),
  annotations: z.record(z.string(), z.string()).default({}),
});
const List = z.object({ items: z.array(z.object({ kind: z.string(), metadata: Meta })) });

async function list(target: Target, cli: Cli, cluster: string, ...args: string[]) {
  return List.parse(JSON.parse(await target.kubectl(cli, 0, cluster, "get", ...args, "-o", "json"))).items;
}

/** Everything of the profile that is in the cluster, and what Kubernetes made of it. */
async function running(target: Target, cli: Cli, cluster: string): Promise<string[]> {
  const kinds = "deployments,replicasets,pods,services";
  const items = [
    ...(await list(target, cli, cluster, "namespaces")),
    ...(await list(target, cli, cluster, kinds, "-n", "hello-universe")),
  ];
  return items.map(({ kind, metadata: { name, uid, generation } }) => `${kind} ${name} ${uid} ${generation}`);
}

/** Which repository and cluster directory each inventory in a cluster is of; other tests may have left some. */
async function inventories(target: Target, cli: Cli, cluster: string) {
  const parents = ["configmaps", "-n", "strata-system", "-l", "strata.dev/inventory=parent"];
  const items = await list(target, cli, cluster, ...parents);
  return items.map(({ metadata: { annotations } }) => ({
    repository: annotations["strata.dev/repository"],
    directory: annotations["strata.dev/cluster"],
  }));
}

onEachTarget(1, (makeTarget) => {
  test("a renamed cluster runs on as it was: by command, by push, and while no engine runs", async () => {
    const target = makeTarget();
    const { fleet, cli } = await initFleet();
    let serving = await startServe(cli, fleet, target.serve);
    const profile = ["--profile", "hello-universe@1.0.0"];
    await cli.ok(["cluster", "create", "first", ...profile, ...target.connection(0), "--wait"]);
    const before = await running(target, cli, "first");
    expect(before.filter((line) => /^(Deployment|Pod|Service) /.test(line))).toHaveLength(4);
    const created = await inventories(target, cli, "first");
    const repository = created.find(({ directory }) => directory === "first")?.repository;
    expect(repository).toBeDefined();

    const expectRenamed = async (name: string): Promise<void> => {
      expect(await cli.json<ClusterView[]>(["cluster", "list"])).toMatchObject([
        { name, health: "healthy", profiles: [{ name: "hello-universe", version: "1.0.0" }] },
      ]);
      expect(await running(target, cli, name)).toEqual(before);
      const ours = (await inventories(target, cli, name)).filter((one) => one.repository === repository);
      expect(ours).toEqual([{ repository, directory: name }]);
    };

    await cli.ok(["cluster", "rename", "first", "second", "--wait"]);
    await expectRenamed("second");

    await git(fleet, "mv", "clusters/second", "clusters/third");
    const file = join(fleet, "clusters/third/cluster.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("name: second", "name: third"));
    await git(fleet, "commit", "-q", "-a", "-m", "Rename by hand");
    await cli.ok(["sync"]);
    await expectRenamed("third");

    expect(await serving.stop()).toBe(0);
    await cli.ok(["cluster", "rename", "third", "fourth"]);
    await cli.ok(["cluster", "rename", "fourth", "fifth"]);
    serving = await startServe(cli, fleet, target.serve);
    await cli.ok(["sync", "fifth"]);
    await expectRenamed("fifth");

    // It is the new name's to take away.
    await cli.ok(["cluster", "detach", "fifth", "hello-universe", "--wait"]);
    expect(await list(target, cli, "fifth", "namespaces")).not.toContainEqual(
      expect.objectContaining({ metadata: expect.objectContaining({ name: "hello-universe" }) }),
    );
    expect(await serving.stop()).toBe(0);
  }, 300_000);
});
