import { describe, expect, it } from "vitest";
import { uidOf } from "../../../engine/apply/ownership.ts";
import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import type { ConnectTarget, Kubectl } from "../targets.ts";
import { configMap, deployment, layer, namespace, PART_OF, useWorlds, type World } from "../world.ts";

const ADOPTED = "strata.dev/adopted";
const LAST = "kubectl.kubernetes.io/last-applied-configuration";

const SOON = { timeout: 20_000 };

type Install = (kubectl: Kubectl, ...objects: readonly KubeObject[]) => Promise<void>;

/** The requests of the tools that people come from, with the field managers that those have. */
const TOOLS: Readonly<Record<string, { readonly manager: string; readonly install: Install }>> = {
  "kubectl apply": {
    manager: "kubectl-client-side-apply",
    install: (kubectl, ...objects) => each(kubectl, ["apply", "-f", "-"], objects),
  },
  "kubectl apply --server-side": {
    manager: "kubectl",
    install: (kubectl, ...objects) => each(kubectl, ["apply", "--server-side", "-f", "-"], objects),
  },
  // Helm 3 creates with a POST, and upgrades with a patch of what changed.
  "Helm 3": {
    manager: "helm",
    install: (kubectl, ...objects) => each(kubectl, ["create", "--field-manager=helm", "-f", "-"], objects),
  },
  // Helm 4 applies on the server.
  "Helm 4": {
    manager: "helm",
    install: (kubectl, ...objects) =>
      each(kubectl, ["apply", "--server-side", "--field-manager=helm", "-f", "-"], objects),
  },
};

async function each(
  kubectl: Kubectl,
  args: readonly string[],
  objects: readonly KubeObject[],
): Promise<void> {
  for (const object of objects) await kubectl(args, object);
}

/** Adopting what other tools applied, against whatever serves the Kubernetes API. */
export function adoptionSuite(connect: ConnectTarget, kubectl: Kubectl): void {
  const newWorld = useWorlds(connect);

  function managers(object: KubeObject | undefined): readonly string[] {
    const entries = (object?.metadata.managedFields ?? []) as unknown as Record<string, string>[];
    return entries.map(({ manager, operation, subresource = "" }) =>
      `${manager} ${operation} ${subresource}`.trim(),
    );
  }

  /** Rolled out: controllers write nothing any more. */
  async function rolledOut(world: World): Promise<void> {
    await kubectl(["-n", world.name, "rollout", "status", "deployment/web", "--timeout=60s"]);
  }

  async function patch(world: World, change: string, ...more: readonly string[]): Promise<void> {
    const args = ["-n", world.name, "patch", "deployment/web", "--type=merge", "-p", change];
    await kubectl([...args, ...more]);
  }

  async function pods(world: World): Promise<readonly string[]> {
    const { items } = JSON.parse(await kubectl(["-n", world.name, "get", "pods", "-o", "json"])) as {
      items: KubeObject[];
    };
    return items.map(uidOf).toSorted();
  }

  describe.each(Object.entries(TOOLS))("what %s left", (_, { install, manager }) => {
    it("is adopted with no field that left the manifest, and no Pod restarted", async () => {
      const world = await newWorld();
      await world.create(namespace(world.name));
      const web = deployment(world.name, "web");
      const stale = { ...web, metadata: { ...web.metadata, labels: { stale: "yes" } } };
      await install(kubectl, stale, configMap(world.name, "config", { key: "1", stale: "yes" }));
      await rolledOut(world);
      const before = await world.get(web);
      const running = await pods(world);

      const session = world.open();
      const objects = [namespace(world.name), web, configMap(world.name, "config", { key: "1" })];
      const live = await world.sync(session, world.desired(layer("app", objects)));
      expect(live).toMatchObject({ health: "healthy", blockedBy: [] });
      const after = await world.get(web);
      expect(after?.spec).toEqual(before?.spec);
      expect(after?.metadata.labels).toEqual({ [PART_OF]: world.applySet });
      expect(after?.metadata.annotations).toMatchObject({ [ADOPTED]: "true" });
      expect(after?.metadata.annotations).not.toHaveProperty([LAST]);
      expect(managers(after).filter((entry) => !entry.endsWith("status"))).toEqual(
        expect.not.arrayContaining([expect.stringMatching(/^(helm|kubectl)/)]),
      );
      const config = await world.get(configMap(world.name, "config"));
      expect(config).toMatchObject({ data: { key: "1" } });
      expect(config?.data).not.toHaveProperty("stale");
      expect(managers(config)).toEqual(["strata Apply"]);
      expect(await pods(world)).toEqual(running);
      const told = world.notices.map(({ state, object, managers: from }) => ({ state, object, from }));
      expect(told).toHaveLength(3);
      expect(told).toEqual(
        expect.arrayContaining([
          { state: "adopted", object: `Namespace ${world.name}`, from: [] },
          { state: "adopted", object: `Deployment.apps ${world.name}/web`, from: [manager] },
          { state: "adopted", object: `ConfigMap ${world.name}/config`, from: [manager] },
        ]),
      );

      const next = [namespace(world.name), web, configMap(world.name, "config", { other: "2" })];
      await world.sync(session, world.desired(layer("app", next)));
      expect((await world.get(configMap(world.name, "config")))?.data).toEqual({ other: "2" });
    });

    it("keeps a restart that someone asked for, what was edited by hand, and what an autoscaler scaled", async () => {
      const world = await newWorld();
      await world.create(namespace(world.name));
      const web = deployment(world.name, "web");
      await install(kubectl, web);
      await kubectl(["-n", world.name, "rollout", "restart", "deployment/web"]);
      const label = JSON.stringify({ metadata: { labels: { team: "shop" } } });
      await patch(world, label, "--field-manager=kubectl-edit");
      const scale = JSON.stringify({ spec: { replicas: 2 } });
      await patch(world, scale, "--subresource=scale", "--field-manager=autoscaler");
      await rolledOut(world);
      const before = await world.get(web);

      await world.sync(world.open(), world.desired(layer("app", [namespace(world.name), web])));
      const after = await world.get(web);
      expect(after?.spec).toEqual(before?.spec);
      expect(after?.metadata.labels).toMatchObject({ team: "shop" });
      expect(managers(after)).toEqual(
        expect.arrayContaining([
          "strata Apply",
          "kubectl-rollout Update",
          "kubectl-edit Update",
          "autoscaler Update scale",
        ]),
      );
      expect(world.notices.filter(({ state }) => state !== "adopted")).toMatchObject([
        { state: "left", managers: ["autoscaler"] },
      ]);
    });
  });

  it("an object that nobody tracked is adopted whole", async () => {
    const world = await newWorld();
    await world.create(namespace(world.name));
    await kubectl(["create", "-f", "-"], configMap(world.name, "config", { key: "1", stale: "yes" }));
    const untracked = JSON.stringify([{ op: "replace", path: "/metadata/managedFields", value: [{}] }]);
    await kubectl(["-n", world.name, "patch", "configmap/config", "--type=json", "-p", untracked]);
    const config = configMap(world.name, "config", { key: "1" });
    await world.sync(world.open(), world.desired(layer("app", [namespace(world.name), config])));
    const after = await world.get(config);
    expect(after?.data).toEqual({ key: "1" });
    expect(managers(after)).toEqual(["strata Apply"]);
  });

  it("costs a patch and an apply for each object, and nothing once it is done", async () => {
    const world = await newWorld();
    await world.create(namespace(world.name));
    const names = ["a", "b", "c"];
    for (const name of names) await kubectl(["apply", "-f", "-"], configMap(world.name, name, { key: "1" }));
    const session = world.open();
    const own = { ...configMap(world.name, "own"), metadata: { name: "own", namespace: world.name } };
    await world.sync(session, world.desired(layer("app", [own])));
    const before = world.api.requests;
    const objects = [own, ...names.map((name) => configMap(world.name, name, { key: "1" }))];
    await world.sync(session, world.desired(layer("app", objects)));
    const inventory = 5; // the turn; the parent and the part, before and after
    expect(world.api.requests - before).toBe(names.length * 3 + inventory); // each: look, patch, apply
    const done = world.api.requests;
    await world.sync(session, world.desired(layer("app", objects)));
    expect(world.api.requests - done).toBe(0);
  });

  it("entries at versions that are served no more do not stand in the way", async () => {
    const world = await newWorld();
    const group = `${world.name}.example.com`;
    const definition = definitionOf(group);
    const widget = (version: string, spec: JsonObject): KubeObject => {
      const metadata = { name: "one", namespace: world.name };
      return { apiVersion: `${group}/${version}`, kind: "Widget", metadata, spec };
    };
    await world.create(namespace(world.name));
    await world.create(definition);
    await world.served(widget("v1beta1", {}));
    await kubectl(
      ["apply", "--server-side", "--field-manager=operator", "-f", "-"],
      widget("v1beta1", { size: 1 }),
    );
    await kubectl(["apply", "--server-side", "-f", "-"], widget("v1beta1", { color: "red" }));
    const withoutBeta = JSON.stringify([{ op: "remove", path: "/spec/versions/1" }]);
    await kubectl(["patch", "crd", definition.metadata.name, "--type=json", "-p", withoutBeta]);
    const beta = { group, kind: "Widget", version: "v1beta1" };
    await expect
      .poll(async () => {
        world.api.discovery.invalidate();
        return (await world.api.discovery.resolve(beta, AbortSignal.timeout(20_000))).state;
      }, SOON)
      .toBe("version-gone");

    const session = world.open();
    const objects = [namespace(world.name), widget("v1", { size: 2 })];
    const live = await world.sync(session, world.desired(layer("app", objects)));
    expect(live).toMatchObject({ health: "healthy" });
    expect(await world.get(widget("v1", {}))).toMatchObject({ spec: { size: 2 } });
    expect((await world.get(widget("v1", {})))?.spec).not.toHaveProperty("color");
    await world.sync(
      session,
      world.desired(layer("app", [namespace(world.name), widget("v1", { size: 3 })])),
    );
    expect(await world.get(widget("v1", {}))).toMatchObject({ spec: { size: 3 } });
    await world.delete(definition);
  });
}

function definitionOf(group: string): KubeObject {
  const properties = { size: { type: "integer" }, color: { type: "string" } };
  const schema = {
    openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties } } },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
      versions: [
        { name: "v1", served: true, storage: true, schema },
        { name: "v1beta1", served: true, storage: false, schema },
      ],
    },
  };
}
