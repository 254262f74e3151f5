import { describe, expect, it } from "vitest";
import { asMap } from "../../../engine/apply/json-parts.ts";
import type { ClusterSession } from "../../../engine/apply/session-types.ts";
import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import type { ConnectTarget, Kubectl } from "../targets.ts";
import {
  configMap,
  deployment,
  layer,
  namespace,
  PART_OF,
  service,
  useWorlds,
  type World,
} from "../world.ts";

const SOON = { timeout: 20_000 };
const MINUTES = 60_000;

/** What a session does about what others change in the cluster, against whatever serves the Kubernetes API. */
export function driftSuite(connect: ConnectTarget, kubectl: Kubectl): void {
  const newWorld = useWorlds(connect);

  /** Syncs until the layer is healthy. */
  async function running(world: World, ...objects: readonly KubeObject[]): Promise<ClusterSession> {
    const session = world.open();
    const live = await world.sync(session, world.desired(layer("app", [namespace(world.name), ...objects])));
    expect(live).toMatchObject({ health: "healthy" });
    return session;
  }

  async function patch(world: World, object: string, value: JsonObject, ...more: string[]): Promise<void> {
    const args = ["-n", world.name, "patch", object, "--type=merge", "-p", JSON.stringify(value), ...more];
    await kubectl(args);
  }

  async function replace(world: World, object: string, path: string, value: number): Promise<void> {
    const steps = JSON.stringify([{ op: "replace", path, value }]);
    await kubectl(["-n", world.name, "patch", object, "--type=json", "-p", steps]);
  }

  /** Waits for the next notice and for the requests that came with it. */
  async function noticed(world: World, count: number): Promise<void> {
    await expect.poll(() => world.notices.length, SOON).toBeGreaterThanOrEqual(count);
  }

  describe("drift", () => {
    it("puts a changed value back at once with one request, and says which field and who", async () => {
      const world = await newWorld();
      const session = await running(world, configMap(world.name, "config", { key: "1" }));
      const before = world.api.requests;
      await patch(world, "configmap/config", { data: { key: "theirs", other: "stays" } });
      await noticed(world, 1);
      expect(world.notices).toEqual([
        {
          state: "put-back",
          layer: "web/app",
          object: `ConfigMap ${world.name}/config`,
          fields: [".data.key"],
          managers: ["kubectl-patch"],
          message: `ConfigMap ${world.name}/config: .data.key was changed by kubectl-patch, and is put back`,
        },
      ]);
      expect(world.api.requests - before).toBe(1);
      expect(await world.get(configMap(world.name, "config"))).toMatchObject({
        data: { key: "1", other: "stays" },
      });
      expect(session.live()).toMatchObject({ health: "healthy", message: "", layers: [{ message: "" }] });
      expect(world.changes.filter(({ health }) => health !== "healthy" && health !== "progressing")).toEqual(
        [],
      );
    });

    it("puts a removed field back", async () => {
      const world = await newWorld();
      await running(world, configMap(world.name, "config", { key: "1", more: "2" }));
      await patch(world, "configmap/config", { data: { more: null } });
      await noticed(world, 1);
      expect(world.notices).toMatchObject([{ state: "put-back", fields: [".data.more"], managers: [] }]);
      expect(await world.get(configMap(world.name, "config"))).toMatchObject({
        data: { key: "1", more: "2" },
      });
    });

    it("makes a deleted object again, and lists what is there", async () => {
      const world = await newWorld();
      const session = await running(world, deployment(world.name, "web"), configMap(world.name, "config"));
      const first = await world.get(deployment(world.name, "web"));
      await kubectl(["-n", world.name, "delete", "deployment/web", "configmap/config"]);
      await noticed(world, 2);
      expect(world.notices.map(({ state, fields }) => [state, fields])).toEqual([
        ["put-back", []],
        ["put-back", []],
      ]);
      const second = await world.get(deployment(world.name, "web"));
      expect(second?.metadata.uid).toEqual(expect.any(String));
      expect(second?.metadata.uid).not.toBe(first?.metadata.uid);
      expect(second?.metadata.annotations ?? {}).not.toHaveProperty(["strata.dev/adopted"]);
      await expect.poll(() => session.live().health, SOON).toBe("healthy");
    });

    it("puts our label back where someone took it, without adopting what is ours", async () => {
      const world = await newWorld();
      await running(world, configMap(world.name, "config", { key: "1" }));
      await patch(world, "configmap/config", { metadata: { labels: { [PART_OF]: null } } });
      await noticed(world, 1);
      expect(world.notices).toMatchObject([{ fields: [`.metadata.labels.${PART_OF}`] }]);
      const back = await world.get(configMap(world.name, "config"));
      expect(back?.metadata.labels).toEqual({ [PART_OF]: world.applySet });
      expect(back?.metadata.annotations ?? {}).toEqual({});
    });

    it("costs nothing where only the status, or what is not ours, changes", async () => {
      const world = await newWorld();
      await running(world, deployment(world.name, "web"), configMap(world.name, "config", { key: "1" }));
      const before = world.api.requests;
      const condition = { type: "Odd", status: "True", reason: "Test", message: "" };
      await patch(world, "deployment/web", { status: { conditions: [condition] } }, "--subresource=status");
      await patch(world, "deployment/web", { metadata: { labels: { theirs: "1" } } });
      await patch(world, "configmap/config", { data: { key: "2" } });
      await noticed(world, 1);
      expect(world.api.requests - before).toBe(1);
      expect(world.notices).toMatchObject([{ object: `ConfigMap ${world.name}/config` }]);
    });

    it("is found by a session that begins after it", async () => {
      const world = await newWorld();
      const session = await running(world, configMap(world.name, "config", { key: "1" }));
      await session.close();
      await patch(world, "configmap/config", { data: { key: "theirs" } });
      await running(world, configMap(world.name, "config", { key: "1" }));
      expect(world.notices).toMatchObject([{ fields: [".data.key"], managers: ["kubectl-patch"] }]);
    });

    it("is not what a newer desired state changes", async () => {
      const world = await newWorld();
      const session = await running(world, configMap(world.name, "config", { key: "1" }));
      const next = [namespace(world.name), configMap(world.name, "config", { key: "2" })];
      await world.sync(session, world.desired(layer("app", next)));
      expect(world.notices).toEqual([]);
    });
  });

  describe("two engines", () => {
    it("of which one has a newer state do not fight: the other watches, and says so", async () => {
      const world = await newWorld();
      const config = (key: string) => configMap(world.name, "config", { key });
      const older = await running(world, config("1"), configMap(world.name, "gone"));
      await world.nextSecond(config("1"));
      const newer = await running(world, config("2"));
      await expect
        .poll(() => older.live().layers[0]?.problems, SOON)
        .toContainEqual(expect.objectContaining({ code: "another-engine", severity: "warning" }));
      expect(await world.get(config("2"))).toMatchObject({ data: { key: "2" } });
      expect(await world.get(configMap(world.name, "gone"))).toBeUndefined();
      expect(world.notices).toEqual([]);

      await newer.close();
      const live = await world.sync(older, world.desired(layer("app", [namespace(world.name), config("3")])));
      expect(live).toMatchObject({ health: "healthy", layers: [{ problems: [] }] });
      expect(await world.get(config("3"))).toMatchObject({ data: { key: "3" } });
    });
  });

  describe("a changed key of a keyed list", () => {
    function withPort(inNamespace: string) {
      const object = deployment(inNamespace, "web");
      const { template, ...spec } = object.spec as unknown as { template: { spec: JsonObject } };
      const containers = [{ name: "web", image: "web:1", ports: [{ containerPort: 80 }] }];
      return { ...object, spec: { ...spec, template: { ...template, spec: { containers } } } } as KubeObject;
    }

    it("is put back in a Deployment; others' containers stay", async () => {
      const world = await newWorld();
      await running(world, withPort(world.name));
      const sidecar = {
        op: "add",
        path: "/spec/template/spec/containers/-",
        value: { name: "side", image: "s:1" },
      };
      await kubectl([
        "-n",
        world.name,
        "patch",
        "deployment/web",
        "--type=json",
        "-p",
        JSON.stringify([sidecar]),
      ]);
      await replace(world, "deployment/web", "/spec/template/spec/containers/0/ports/0/containerPort", 81);
      await noticed(world, 1);
      expect(world.notices).toMatchObject([
        {
          fields: [
            expect.stringMatching(
              /^\.spec\.template\.spec\.containers\[name="web"\]\.ports\[containerPort=80/,
            ),
          ],
          managers: ["kubectl-patch"],
        },
      ]);
      expect(await world.get(withPort(world.name))).toMatchObject({
        spec: {
          template: {
            spec: {
              containers: [
                { name: "web", ports: [{ containerPort: 80, protocol: "TCP" }] },
                { name: "side" },
              ],
            },
          },
        },
      });
    });

    it("is put back in a Service with two requests, where a plain apply is refused", async () => {
      const world = await newWorld();
      await running(world, service(world.name, "web"));
      const before = world.api.requests;
      await replace(world, "service/web", "/spec/ports/0/port", 81);
      await noticed(world, 1);
      expect(world.api.requests - before).toBe(2);
      const { ports } = asMap((await world.get(service(world.name, "web")))?.spec);
      expect(ports).toMatchObject([{ port: 8080, protocol: "TCP" }]);
      expect(ports).toHaveLength(1);
    });
  });

  describe("replicas", () => {
    async function replicas(world: World): Promise<unknown> {
      return asMap((await world.get(deployment(world.name, "web")))?.spec).replicas;
    }

    async function scale(world: World, count: number, manager: string): Promise<void> {
      const by = ["--subresource=scale", `--field-manager=${manager}`];
      await patch(world, "deployment/web", { spec: { replicas: count } }, ...by);
    }

    function app(world: World, image: string, count: number): readonly KubeObject[] {
      return [namespace(world.name), deployment(world.name, "web", image, count)];
    }

    it("that kubectl scales are put back", async () => {
      const world = await newWorld();
      await running(world, deployment(world.name, "web", "web:1", 1));
      await kubectl(["-n", world.name, "scale", "deployment/web", "--replicas=3"]);
      await noticed(world, 1);
      expect(world.notices).toMatchObject([{ state: "put-back", fields: [".spec.replicas"] }]);
      await expect.poll(() => replicas(world), SOON).toBe(1);
    });

    it("that an autoscaler takes are left and shown, until the profile names others", async () => {
      const world = await newWorld();
      const session = await running(world, deployment(world.name, "web", "web:1", 1));
      await scale(world, 2, "autoscaler");
      await noticed(world, 1);
      expect(world.notices).toMatchObject([
        { state: "left", fields: [".spec.replicas"], managers: ["autoscaler"] },
      ]);
      await expect
        .poll(() => session.live(), SOON)
        .toMatchObject({
          health: "healthy",
          message: "",
          layers: [{ state: "healthy", problems: [{ code: "replicas-left", severity: "warning" }] }],
        });
      expect(session.live().layers[0]?.message).toContain("replicas are left");
      expect(await replicas(world)).toBe(2);

      const before = world.api.requests;
      await world.sync(session, world.desired(layer("app", app(world, "web:1", 1))));
      expect(world.api.requests - before).toBe(0);
      await world.sync(session, world.desired(layer("app", app(world, "web:2", 1))));
      expect(await replicas(world)).toBe(2);
      await session.close();
      const other = world.open();
      await world.sync(other, world.desired(layer("app", app(world, "web:3", 1))));
      expect(await replicas(world)).toBe(2);

      await world.sync(other, world.desired(layer("app", app(world, "web:3", 3))));
      expect(await replicas(world)).toBe(3);
      expect(other.live().layers[0]).toMatchObject({ message: "", problems: [] });
      expect(world.notices).toHaveLength(1);
    });

    it("on the target of an autoscaler of the profile are left to whoever scales it", async () => {
      const world = await newWorld();
      const autoscaler = {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name: "web", namespace: world.name },
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
          minReplicas: 1,
          maxReplicas: 5,
        },
      };
      const session = world.open();
      const objects = [...app(world, "web:1", 1), autoscaler];
      await session.sync(world.desired(layer("app", objects)), AbortSignal.timeout(20_000));
      await kubectl(["-n", world.name, "scale", "deployment/web", "--replicas=2"]);
      await noticed(world, 1);
      expect(world.notices).toMatchObject([{ state: "left", object: `Deployment.apps ${world.name}/web` }]);
      expect(await replicas(world)).toBe(2);
    });

    it("come back with an object that was deleted", async () => {
      const world = await newWorld();
      const session = await running(world, deployment(world.name, "web", "web:1", 2));
      await scale(world, 3, "autoscaler");
      await noticed(world, 1);
      await kubectl(["-n", world.name, "delete", "deployment/web"]);
      await noticed(world, 2);
      expect(await replicas(world)).toBe(2);
      await expect.poll(() => session.live().layers[0]?.problems, SOON).toEqual([]);
    });
  });

  it("an object that is deleted again and again is contested like a field", async () => {
    const world = await newWorld();
    const session = await running(world, configMap(world.name, "config"));
    for (const round of [1, 2, 3]) {
      await kubectl(["-n", world.name, "delete", "configmap/config"]);
      await noticed(world, round);
    }
    await noticed(world, 4);
    expect(world.notices[3]).toMatchObject({ state: "contested", fields: [] });
    await patch(world, "configmap/config", { metadata: { labels: { [PART_OF]: null } } });
    await expect.poll(() => session.live().layers[0]?.state, SOON).toBe("applying");
    expect(session.live().layers[0]?.problems).toMatchObject([
      { code: "contested" },
      { code: "object-unknown" },
    ]);
    expect((await world.get(configMap(world.name, "config")))?.metadata.labels ?? {}).toEqual({});
  });

  it("two who fight are told, then put back at most once in 5 minutes", async () => {
    const world = await newWorld();
    let later = 0;
    const session = world.open({ clock: () => performance.now() + later });
    const objects = [
      configMap(world.name, "config", { key: "1" }),
      configMap(world.name, "other", { key: "1" }),
    ];
    await world.sync(session, world.desired(layer("app", [namespace(world.name), ...objects])));
    for (const round of [1, 2, 3]) {
      await patch(world, "configmap/config", { data: { key: `theirs ${round}` } });
      await noticed(world, round);
    }
    await noticed(world, 4);
    expect(world.notices.map(({ state }) => state)).toEqual([
      "put-back",
      "put-back",
      "put-back",
      "contested",
    ]);
    expect(world.notices[3]).toMatchObject({ fields: [".data.key"], managers: ["kubectl-patch"] });

    await patch(world, "configmap/config", { data: { key: "theirs 4" } });
    await patch(world, "configmap/other", { data: { key: "theirs" } });
    await noticed(world, 5);
    expect(world.notices[4]).toMatchObject({ object: `ConfigMap ${world.name}/other` });
    expect(await world.get(configMap(world.name, "config"))).toMatchObject({ data: { key: "theirs 4" } });
    expect(session.live()).toMatchObject({
      health: "healthy",
      message: expect.stringContaining(
        "config: .data.key was changed by kubectl-patch as often as it is put back",
      ),
      layers: [{ problems: [{ code: "contested", severity: "warning", hint: expect.any(String) }] }],
    });

    later = 5 * MINUTES;
    await patch(world, "configmap/other", { data: { theirs: "wakes the session" } });
    await noticed(world, 6);
    expect(world.notices.slice(5)).toMatchObject([{ state: "put-back", fields: [".data.key"] }]);
    expect(await world.get(configMap(world.name, "config"))).toMatchObject({ data: { key: "1" } });

    later = 10 * MINUTES;
    await patch(world, "configmap/other", { data: { theirs: "wakes it again" } });
    await expect.poll(() => session.live(), SOON).toMatchObject({ message: "", layers: [{ problems: [] }] });
  });
}
