import { describe, expect, it } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { KubeApi } from "../../engine/cluster/types.ts";
import { realTargets, type TargetCluster } from "../support/cluster-targets.ts";
import { useCluster } from "../support/use-cluster.ts";
import { configMap, deployment, layer, useWorlds, type World } from "./world.ts";

const SOON = { timeout: 60_000, interval: 200 };

// The sandbox knows no rights
describe.each(realTargets())("without rights in the whole cluster, on $name", ({ start }) => {
  const cluster = useCluster(start);
  const newWorld = useWorlds(async () => connectServer(address(cluster())));

  function address({ server, token, ca }: TargetCluster): Parameters<typeof connectServer>[0] {
    return { server, token, ...(ca === undefined ? {} : { ca }) };
  }

  async function kubectl(...args: string[]): Promise<string> {
    const run = await cluster().kubectl(args);
    if (run.code !== 0 && !run.stderr.includes("AlreadyExists")) throw new Error(run.stderr);
    return run.stdout.trim();
  }

  /** Gives the account of a world all rights in a namespace. */
  async function allow({ name }: World, namespace: string): Promise<void> {
    const account = `--serviceaccount=${name}:limited`;
    await kubectl("-n", namespace, "create", "rolebinding", name, "--clusterrole=admin", account);
  }

  /** An API with rights in the namespace of a world and that of inventories alone. */
  async function limitedApi(world: World): Promise<KubeApi> {
    await kubectl("create", "namespace", world.name);
    await kubectl("create", "namespace", "strata-system");
    await kubectl("-n", world.name, "create", "serviceaccount", "limited");
    for (const namespace of [world.name, "strata-system"]) await allow(world, namespace);
    const token = await kubectl("-n", world.name, "create", "token", "limited");
    return connectServer({ ...address(cluster()), token });
  }

  it("a session watches each namespace for itself", async () => {
    const world = await newWorld();
    const api = await limitedApi(world);
    try {
      const session = world.open({ api });
      const objects = [configMap(world.name, "config", { key: "1" }), deployment(world.name, "web")];
      const live = await world.sync(session, world.desired(layer("app", objects)));
      expect(live).toMatchObject({ health: "healthy", message: "" });
      const before = api.requests;
      await world.sync(session, world.desired(layer("app", objects)));
      expect(api.requests - before).toBe(0);

      const patch = JSON.stringify({ data: { key: "theirs" } });
      await kubectl("-n", world.name, "patch", "configmap", "config", "--type=merge", "-p", patch);
      await expect
        .poll(async () => {
          await world.sync(session, world.desired(layer("app", objects)));
          return (await world.get(configMap(world.name, "config")))?.data;
        })
        .toEqual({ key: "1" });

      await world.sync(session, world.desired(layer("app", objects.slice(0, 1))));
      expect(await world.get(deployment(world.name, "web"))).toBeUndefined();
      await session.close();
    } finally {
      await api.close();
      await kubectl("-n", "strata-system", "delete", "rolebinding", world.name);
    }
  });

  it("an object in a namespace without rights is refused and told, stays where it leaves, and costs nothing else", async () => {
    const world = await newWorld();
    const api = await limitedApi(world);
    const other = `${world.name}-other`;
    await kubectl("create", "namespace", other);
    try {
      const session = world.open({ api });
      const mine = (name: string) => configMap(world.name, name);
      const theirs = configMap(other, "theirs");
      const live = await world.sync(session, world.desired(layer("app", [mine("one"), theirs])));
      const object = `ConfigMap ${other}/theirs`;
      const refused = {
        code: "api-403",
        file: "app.yaml",
        line: 2,
        object,
        hint: expect.stringContaining("RBAC"),
      };
      expect(live).toMatchObject({ health: "degraded", layers: [{ problems: [refused] }] });
      expect(await world.get(mine("one"))).toBeDefined();
      await allow(world, other);
      await expect.poll(() => session.live().health, SOON).toBe("healthy");
      expect(await world.get(theirs)).toBeDefined();

      await kubectl("-n", other, "delete", "rolebinding", world.name);
      const without = await world.sync(session, world.desired(layer("app", [mine("two")])));
      expect(without.blockedBy).toMatchObject([{ object }]);
      expect(await world.get(theirs)).toBeDefined();
      expect(await world.get(mine("one"))).toBeUndefined();
      expect(await world.listed()).toContain(object);
      await allow(world, other);
      await expect.poll(() => world.get(theirs), SOON).toBeUndefined();
      await session.close();
    } finally {
      await api.close();
      await kubectl("-n", "strata-system", "delete", "rolebinding", world.name);
    }
  }, 180_000);
});
