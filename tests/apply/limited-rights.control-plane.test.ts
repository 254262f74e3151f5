import { describe, expect, it } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import { realTargets, type TargetCluster } from "../support/cluster-targets.ts";
import { useCluster } from "../support/use-cluster.ts";
import { configMap, deployment, layer, useWorlds } from "./world.ts";

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

  it("a session watches each namespace for itself", async () => {
    const world = await newWorld();
    const account = `${world.name}:limited`;
    await kubectl("create", "namespace", world.name);
    await kubectl("create", "namespace", "strata-system");
    await kubectl("-n", world.name, "create", "serviceaccount", "limited");
    for (const namespace of [world.name, "strata-system"]) {
      const binding = [
        "create",
        "rolebinding",
        world.name,
        "--clusterrole=admin",
        `--serviceaccount=${account}`,
      ];
      await kubectl("-n", namespace, ...binding);
    }
    const token = await kubectl("-n", world.name, "create", "token", "limited");
    const api = connectServer({ ...address(cluster()), token });
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
});
