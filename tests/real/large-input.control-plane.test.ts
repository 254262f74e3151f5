import { describe, expect, test } from "vitest";
import { checkRepository } from "../../engine/fleet/index.ts";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import { configMap, manifestText, namespaceObject } from "../bench/objects.ts";
import { realTargets } from "../support/cluster-targets.ts";
import { useClusters } from "../support/use-cluster.ts";
import { type Fleet, newFleet } from "../sync/fleet.ts";
import { figure } from "./figures.ts";
import { confirmAll, longSignal, OURS, rest, uninstall } from "./steps.ts";

const LAYER = "profiles/app/base";
const MANY = 10_000;
const DEFINITIONS = 200;
const MEGABYTE = 1_000_000;

describe.each(realTargets())("on $name", ({ start }) => {
  const target = useClusters(start, 1);
  const begin = async (files: Record<string, string>): Promise<Fleet> => {
    const fleet = await newFleet(target(), { clusters: ["one"] });
    await fleet.commit(files, "Fill the layer");
    return fleet;
  };

  test("a layer of 10,000 objects is checked, applied, planned, updated, pruned and uninstalled", async () => {
    const fleet = await begin({});
    const space = `${fleet.id}-many`;
    const kubectl = (args: readonly string[]) => fleet.target("one").kubectl(args);
    const write = (count: number, value: string) => {
      const maps = Array.from({ length: count }, (_, n) => configMap(space, `c-${n}`, { value }));
      const text = manifestText([namespaceObject(space), ...maps]);
      return fleet.commit({ [`${LAYER}/many.yaml`]: text }, `${count} objects of ${value}`);
    };
    const count = async () =>
      (await kubectl(["get", "configmaps", "-n", space, "-l", OURS, "-o", "name"])).stdout.split("\n")
        .length - 1;
    await write(MANY, "v1");
    await fleet.start();
    const sync = () => rest(fleet);
    expect(await figure("apply", sync)).toMatchObject({ health: "healthy", blockedBy: [] });
    expect(await count()).toBe(MANY);
    const check = () => checkRepository(fleet.repo, { requireLock: true }, { signal: longSignal() });
    expect(await figure("check", check)).toEqual([]);

    await write(MANY, "v2");
    await sync();
    const [plan] = await figure("plan with a dry run", () =>
      fleet.engine.updates(fleet.name("one"), { serverDryRun: true, signal: longSignal() }),
    );
    expect(plan?.effects.length).toBe(MANY);
    expect(
      plan?.effects.filter(({ effect, problem }) => effect !== "changed" || problem !== undefined),
    ).toEqual([]);
    await confirmAll(fleet);
    expect(await figure("update", sync)).toMatchObject({ health: "healthy", blockedBy: [] });
    const last = ["get", "configmap", `c-${MANY - 1}`, "-n", space, "-o", "jsonpath={.data.value}"];
    expect((await kubectl(last)).stdout).toBe("v2");

    await write(MANY / 2, "v2");
    await sync();
    await confirmAll(fleet);
    expect(await figure("prune", sync)).toMatchObject({ health: "healthy", blockedBy: [] });
    expect(await count()).toBe(MANY / 2);
    await uninstall(fleet);
  }, 900_000);

  test("200 definitions and a custom resource of each are one layer", async () => {
    const fleet = await begin({});
    const group = `${fleet.id}.example.com`;
    const objects = Array.from({ length: DEFINITIONS }, (_, n) => [
      definition(group, n),
      custom(group, n),
    ]).flat();
    await fleet.commit({ [`${LAYER}/many.yaml`]: manifestText(objects) });
    await fleet.start();
    expect(await figure("apply", () => rest(fleet))).toMatchObject({ health: "healthy", blockedBy: [] });
    expect(fleet.engine.workloads(fleet.name("one")).length).toBe(2 * DEFINITIONS + 1);
    const asked = ["get", `kind${DEFINITIONS - 1}s.${group}`, "-n", "default", "-o", "name"];
    expect((await fleet.target("one").kubectl(asked)).stdout).toBe(`kind${DEFINITIONS - 1}.${group}/it\n`);
    await uninstall(fleet);
    const left = await fleet.target("one").kubectl(["get", "crd", "-l", OURS, "-o", "name"]);
    expect(left).toMatchObject({ stdout: "", code: 0 });
  }, 600_000);

  test("an object of a megabyte is applied and changed; one that the server refuses is named", async () => {
    const fleet = await begin({});
    const write = (size: number, letter: string) => {
      const large = configMap("default", `${fleet.id}-large`, { value: letter.repeat(size) });
      return fleet.commit({ [`${LAYER}/large.yaml`]: manifestText([large]) });
    };
    const asked = ["get", "configmap", `${fleet.id}-large`, "-n", "default", "-o", "jsonpath={.data.value}"];
    const live = async () => (await fleet.target("one").kubectl(asked)).stdout;
    await write(MEGABYTE, "a");
    await fleet.start();
    const sync = () => rest(fleet);
    expect(await figure("apply", sync)).toMatchObject({ health: "healthy", blockedBy: [] });
    expect((await live()).length).toBe(MEGABYTE);

    await write(MEGABYTE + 1_000, "b");
    await sync();
    await confirmAll(fleet);
    expect(await sync()).toMatchObject({ health: "healthy", blockedBy: [] });
    expect(await live()).toBe("b".repeat(MEGABYTE + 1_000));

    await write(1_100_000, "c");
    await sync();
    await confirmAll(fleet);
    const view = await sync();
    expect(view.health).toBe("degraded");
    expect(view.message).toMatch(/ConfigMap.*1048576/);
    expect(view.message.length).toBeLessThan(1_000);
    expect(await live()).toBe("b".repeat(MEGABYTE + 1_000));
  }, 300_000);
});

function definition(group: string, n: number): KubeObject {
  const schema = {
    type: "object",
    properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `kind${n}s.${group}` },
    spec: {
      group,
      names: { kind: `Kind${n}`, plural: `kind${n}s` },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

function custom(group: string, n: number): KubeObject {
  return {
    apiVersion: `${group}/v1`,
    kind: `Kind${n}`,
    metadata: { name: "it", namespace: "default" },
    spec: { size: n },
  };
}
