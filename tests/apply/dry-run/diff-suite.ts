import { expect, it } from "vitest";
import { schemasAmong } from "../../../engine/merge/index.ts";
import type { DesiredLayer } from "../../../engine/model/desired.ts";
import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import type { Ignored } from "../../../engine/model/profile.ts";
import type { DiffView } from "../../../engine/model/view.ts";
import { markIgnored } from "../../../engine/render/ignore-in-layer.ts";
import { diffCluster } from "../../../engine/sync/diff-cluster.ts";
import type { ConnectTarget, Kubectl } from "../targets.ts";
import { configMap, deployment, layer, namespace, useWorlds, type World } from "../world.ts";

const SOON = { timeout: 20_000 };

/** What a diff shows of values that others hold, against whatever serves the Kubernetes API. */
export function diffSuite(connect: ConnectTarget, kubectl: Kubectl): void {
  const newWorld = useWorlds(connect);

  function app(world: World, ...objects: readonly KubeObject[]): DesiredLayer {
    return layer("app", [namespace(world.name), ...objects]);
  }

  async function synced(world: World, wanted: DesiredLayer): Promise<void> {
    const session = world.open();
    expect(await world.sync(session, world.desired(wanted))).toMatchObject({ health: "healthy" });
    await session.close();
  }

  function diff(world: World, wanted: DesiredLayer): Promise<DiffView> {
    return diffCluster(world.api, world.desired(wanted), AbortSignal.timeout(20_000));
  }

  const changedLines = ({ objects }: DiffView): readonly string[] =>
    objects.flatMap((one) => one.diff.split("\n").filter((line) => /^[+-] /.test(line)));

  async function patch(world: World, object: string, value: JsonObject, ...more: string[]): Promise<void> {
    const args = ["-n", world.name, "patch", object, "--type=merge", "-p", JSON.stringify(value), ...more];
    await kubectl(args);
  }

  const scale = (world: World, replicas: number): Promise<void> =>
    patch(
      world,
      "deployment/web",
      { spec: { replicas } },
      "--subresource=scale",
      "--field-manager=autoscaler",
    );

  const web = (world: World, replicas: number, image = "web:1") =>
    app(world, deployment(world.name, "web", image, replicas));

  it("leaves replicas to what scales them, before a sync has seen it and after, until the profile names others", async () => {
    const world = await newWorld();
    await synced(world, web(world, 1));
    await scale(world, 2);
    const left = {
      layer: "web/app",
      object: `Deployment.apps ${world.name}/web`,
      path: "spec.replicas",
      managers: ["autoscaler"],
      note: "left to autoscaler, until the profile names another value",
    };
    expect(await diff(world, web(world, 1))).toMatchObject({ objects: [], left: [left], problems: [] });
    const session = world.open();
    await world.sync(session, world.desired(web(world, 1)));
    await expect.poll(() => world.notices, SOON).toMatchObject([{ state: "left" }]);
    expect(await diff(world, web(world, 1))).toMatchObject({ objects: [], left: [left], problems: [] });

    const other = await diff(world, web(world, 1, "web:2"));
    expect(changedLines(other)).toEqual([
      expect.stringMatching(/^- .*web:1/),
      expect.stringMatching(/^\+ .*web:2/),
    ]);
    expect(other.left).toEqual([left]);
    const more = await diff(world, web(world, 3));
    expect(changedLines(more)).toEqual(["-  replicas: 2", "+  replicas: 3"]);
    expect(more.left).toEqual([]);
  });

  it("shows replicas that a person scales, but not on the target of an autoscaler", async () => {
    const world = await newWorld();
    await synced(world, web(world, 1));
    await kubectl(["-n", world.name, "scale", "deployment/web", "--replicas=2"]);
    const shown = await diff(world, web(world, 1));
    expect(changedLines(shown)).toEqual(["-  replicas: 2", "+  replicas: 1"]);
    expect(shown.left).toEqual([]);
    const autoscaler: KubeObject = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace: world.name },
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 5 },
    };
    const both = app(world, deployment(world.name, "web", "web:1", 1), autoscaler);
    expect(await diff(world, both)).toMatchObject({
      objects: [{ change: "create", object: `HorizontalPodAutoscaler.autoscaling ${world.name}/web` }],
      left: [{ path: "spec.replicas", managers: ["kubectl"] }],
    });
  });

  it("leaves what a layer ignores to whoever holds it, and tells no secret", async () => {
    const world = await newWorld();
    const secret = (stringData: Readonly<Record<string, string>>): KubeObject => {
      const metadata = { name: "secret", namespace: world.name };
      return { apiVersion: "v1", kind: "Secret", metadata, stringData };
    };
    const rules: readonly Ignored[] = [
      { object: { kind: "ConfigMap" }, path: "data.first" },
      { object: { kind: "Secret" }, path: "stringData.password" },
    ];
    const wanted = (first: string, second: string) => {
      const objects = [configMap(world.name, "config", { first, second }), secret({ password: "hunter2" })];
      return markIgnored({ ...app(world, ...objects), ignore: rules }, schemasAmong(objects));
    };
    await synced(world, wanted("1", "1"));
    expect(await diff(world, wanted("1", "1"))).toMatchObject({ objects: [], left: [], problems: [] });
    await patch(world, "configmap/config", { data: { first: "theirs" } });
    await patch(world, "secret/secret", { data: { password: "bXkgb3du" } });
    const held = await diff(world, wanted("1", "1"));
    expect(held).toMatchObject({
      objects: [],
      left: [
        {
          object: `ConfigMap ${world.name}/config`,
          path: "data.first",
          note: "left to kubectl-patch, as the layer sets it at creation only",
        },
        { object: `Secret ${world.name}/secret`, path: "data.password", managers: ["kubectl-patch"] },
      ],
    });
    expect(JSON.stringify(held)).not.toMatch(/bXkgb3du|hunter2/);
    const changed = await diff(world, wanted("2", "2"));
    expect(changedLines(changed)).toEqual(['-  second: "1"', '+  second: "2"']);
    expect(await diff(world, wanted("theirs", "1"))).toMatchObject({
      objects: [],
      left: [{ path: "data.password" }],
    });
  });

  it("shows no mark of an adopted object", async () => {
    const world = await newWorld();
    await world.create(namespace(world.name));
    await world.create(configMap(world.name, "config", { key: "1" }));
    const wanted = app(world, configMap(world.name, "config", { key: "1" }));
    expect(await diff(world, wanted)).toMatchObject({ objects: [], left: [] });
    await synced(world, wanted);
    expect(await diff(world, wanted)).toMatchObject({ objects: [], left: [] });
  });
}
