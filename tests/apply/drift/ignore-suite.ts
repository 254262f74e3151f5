import { describe, expect, it } from "vitest";
import { applyFields } from "../../../engine/apply/live-digest.ts";
import type { ClusterSession } from "../../../engine/apply/session-types.ts";
import type { KubeApi } from "../../../engine/cluster/types.ts";
import { schemasAmong } from "../../../engine/merge/index.ts";
import type { DesiredLayer } from "../../../engine/model/desired.ts";
import type { JsonObject, KubeObject } from "../../../engine/model/kube-object.ts";
import type { Ignored } from "../../../engine/model/profile.ts";
import { markIgnored } from "../../../engine/render/ignore-in-layer.ts";
import { cutApi } from "../cut-api.ts";
import type { ConnectTarget, Kubectl } from "../targets.ts";
import { configMap, deployment, layer, namespace, useWorlds, type World } from "../world.ts";

const SOON = { timeout: 20_000 };
const FIRST: Ignored = { object: { kind: "ConfigMap", name: "config" }, path: "data.first" };
const IMAGE: Ignored = {
  object: { group: "apps", kind: "Deployment" },
  path: "spec.template.spec.containers[name=web].image",
};

/** Values that a layer sets at creation only, against whatever serves the Kubernetes API. */
export function ignoreSuite(connect: ConnectTarget, kubectl: Kubectl): void {
  const newWorld = useWorlds(connect);

  function app(world: World, ignore: readonly Ignored[], ...objects: readonly KubeObject[]): DesiredLayer {
    const all = [namespace(world.name), ...objects];
    return markIgnored({ ...layer("app", all), ignore }, schemasAmong(all));
  }

  async function sync(session: ClusterSession, world: World, wanted: DesiredLayer): Promise<void> {
    expect(await world.sync(session, world.desired(wanted))).toMatchObject({ health: "healthy" });
  }

  const config = (world: World, data: Readonly<Record<string, string>>) =>
    configMap(world.name, "config", data);

  async function data(world: World): Promise<unknown> {
    return (await world.get(config(world, {})))?.data;
  }

  async function patch(world: World, object: string, value: JsonObject): Promise<void> {
    const args = ["-n", world.name, "patch", object, "--type=merge", "-p", JSON.stringify(value)];
    await kubectl(args);
  }

  /** What others wrote has arrived once something else that they change is put back. */
  async function seen(world: World): Promise<void> {
    const before = world.notices.length;
    await patch(world, "configmap/probe", { data: { key: String(before) } });
    await expect.poll(() => world.notices.length, SOON).toBeGreaterThan(before);
    expect(world.notices.slice(before)).toMatchObject([{ object: `ConfigMap ${world.name}/probe` }]);
  }

  describe("an ignored value", () => {
    it("is set at creation; what others make of it is no drift, costs nothing and stays", async () => {
      const world = await newWorld();
      const session = world.open();
      const wanted = (second: string, first = "1") =>
        app(world, [FIRST], config(world, { first, second }), configMap(world.name, "probe", { key: "" }));
      await sync(session, world, wanted("1"));
      expect(await data(world)).toEqual({ first: "1", second: "1" });
      expect(applyFields((await world.get(config(world, {}))) as KubeObject)).toMatchObject({
        "f:data": { "f:second": {} },
      });

      await patch(world, "configmap/config", { data: { first: "theirs" } });
      await seen(world);
      const live = await world.get(config(world, {}));
      const before = world.api.requests;
      await sync(session, world, wanted("1", "2"));
      expect(world.api.requests - before).toBe(0);
      expect(await world.get(config(world, {}))).toEqual(live);

      await sync(session, world, wanted("2", "2"));
      expect(await data(world)).toEqual({ first: "theirs", second: "2" });
      await patch(world, "configmap/config", { data: { first: null } });
      await seen(world);
      await sync(session, world, wanted("3", "3"));
      expect(await data(world)).toEqual({ second: "3" });
    });

    it("is in nobody's way: others apply it without a conflict, and take it away", async () => {
      const world = await newWorld();
      const session = world.open();
      const wanted = (second: string) => app(world, [FIRST], config(world, { first: "1", second }));
      await sync(session, world, wanted("1"));
      const apply = ["apply", "--server-side", "--field-manager=other", "-f", "-"];
      await kubectl(apply, config(world, { first: "theirs" }));
      await sync(session, world, wanted("2"));
      expect(await data(world)).toEqual({ first: "theirs", second: "2" });
      await kubectl(apply, config(world, {}));
      expect(await data(world)).toEqual({ second: "2" });
    });

    it("comes back with an object that was deleted", async () => {
      const world = await newWorld();
      const session = world.open();
      await sync(session, world, app(world, [FIRST], config(world, { first: "1", second: "1" })));
      await patch(world, "configmap/config", { data: { first: "theirs" } });
      await kubectl(["-n", world.name, "delete", "configmap/config"]);
      await expect.poll(() => world.notices, SOON).toMatchObject([{ state: "put-back", fields: [] }]);
      expect(await data(world)).toEqual({ first: "1", second: "1" });
      await patch(world, "configmap/config", { data: { first: "theirs" } });
      await sync(session, world, app(world, [FIRST], config(world, { first: "1", second: "2" })));
      expect(await data(world)).toEqual({ first: "theirs", second: "2" });
    });

    it("stays when it comes to be ignored, whatever goes around it, and is ours again afterwards", async () => {
      const world = await newWorld();
      const session = world.open();
      await sync(session, world, app(world, [], config(world, { first: "1", second: "1" })));
      await sync(session, world, app(world, [FIRST], config(world, { first: "2", second: "1" })));
      expect(await data(world)).toEqual({ first: "1", second: "1" });
      await sync(session, world, app(world, [FIRST], config(world, { first: "2" })));
      expect(await data(world)).toEqual({ first: "1" });
      await sync(session, world, app(world, [FIRST], config(world, {})));
      expect(await data(world)).toEqual({ first: "1" });
      await sync(session, world, app(world, [], config(world, { first: "2" })));
      expect(await data(world)).toEqual({ first: "2" });
      await sync(session, world, app(world, [], config(world, {})));
      expect(await data(world)).toBeUndefined();
      expect(world.notices).toEqual([]);
    });

    it("of an object that was there before stays as it is, and what else kubectl applied goes", async () => {
      const world = await newWorld();
      await world.create(namespace(world.name));
      await kubectl(["apply", "-f", "-"], config(world, { first: "theirs", stale: "1" }));
      const session = world.open();
      const wanted = (second: string) => app(world, [FIRST], config(world, { first: "1", second }));
      await sync(session, world, wanted("1"));
      expect(await data(world)).toEqual({ first: "theirs", second: "1" });
      await sync(session, world, wanted("2"));
      const live = await world.get(config(world, {}));
      expect(live).toMatchObject({
        metadata: { annotations: { "strata.dev/adopted": "true" } },
        data: { first: "theirs", second: "2" },
      });
      expect(applyFields(live as KubeObject)).toMatchObject({ "f:data": { "f:second": {} } });
      expect(applyFields(live as KubeObject)).not.toMatchObject({ "f:data": { "f:first": {} } });
    });

    it("of a Secret may be written as stringData", async () => {
      const world = await newWorld();
      const session = world.open();
      const secret = (stringData: Readonly<Record<string, string>>): KubeObject => {
        const metadata = { name: "secret", namespace: world.name };
        return { apiVersion: "v1", kind: "Secret", metadata, stringData };
      };
      const rule: Ignored = { object: { kind: "Secret" }, path: "stringData.password" };
      await sync(session, world, app(world, [rule], secret({ password: "first", user: "one" })));
      expect(await world.get(secret({}))).toMatchObject({ data: { password: "Zmlyc3Q=", user: "b25l" } });
      await patch(world, "secret/secret", { data: { password: "bXk=" } });
      await sync(session, world, app(world, [rule], secret({ password: "second", user: "two" })));
      expect(await world.get(secret({}))).toMatchObject({ data: { password: "bXk=", user: "dHdv" } });
    });

    it("may be all annotations and labels: Strata's own stay Strata's", async () => {
      const world = await newWorld();
      await world.create(namespace(world.name));
      await world.create(config(world, { key: "1" }));
      const ignore = ["metadata.annotations", "metadata.labels"].map(
        (path): Ignored => ({ object: { kind: "ConfigMap", namespace: world.name }, path }),
      );
      const session = world.open();
      for (const key of ["2", "3"]) {
        await sync(session, world, app(world, ignore, config(world, { key })));
        await patch(world, "configmap/config", { metadata: { annotations: { theirs: key } } });
      }
      const live = await world.get(config(world, {}));
      expect(live).toMatchObject({
        metadata: {
          labels: { "applyset.kubernetes.io/part-of": world.applySet },
          annotations: { "strata.dev/adopted": "true", theirs: "3" },
        },
        data: { key: "3" },
      });
      expect(world.notices.filter(({ state }) => state !== "adopted")).toEqual([]);
    });
  });

  describe("an ignored value in a list", () => {
    function web(world: World, replicas: number, ...names: readonly string[]): KubeObject {
      const containers = names.map((name) => ({
        name,
        image: `${name}:1`,
        env: [{ name: "A", value: "1" }],
      }));
      const object = deployment(world.name, "web", "", replicas);
      const { template, ...spec } = object.spec as unknown as { template: JsonObject };
      return { ...object, spec: { ...spec, template: { ...template, spec: { containers } } } } as KubeObject;
    }

    async function containers(world: World): Promise<unknown> {
      const path = "jsonpath={range .spec.template.spec.containers[*]}{.name}={.image} {end}";
      return (await kubectl(["-n", world.name, "get", "deployment/web", "-o", path])).trim().split(" ");
    }

    it("stays as others set it; it is set again with an item that comes or comes back, and goes with it", async () => {
      const world = await newWorld();
      const session = world.open();
      const both = { ...IMAGE, path: IMAGE.path.replace("web", "side") };
      const wanted = (replicas: number, ...names: readonly string[]) =>
        app(world, [IMAGE, both], web(world, replicas, ...names));
      await sync(session, world, wanted(1, "web"));
      await kubectl(["-n", world.name, "set", "image", "deployment/web", "web=web:theirs"]);
      await sync(session, world, wanted(2, "web"));
      expect(await containers(world)).toEqual(["web=web:theirs"]);
      await sync(session, world, wanted(2, "web", "side"));
      expect(await containers(world)).toEqual(["web=web:theirs", "side=side:1"]);
      const without = { spec: { template: { spec: { containers: [{ name: "web", $patch: "delete" }] } } } };
      await kubectl(["-n", world.name, "patch", "deployment/web", "-p", JSON.stringify(without)]);
      await expect.poll(() => world.notices, SOON).toMatchObject([{ state: "put-back" }]);
      expect(await containers(world)).toEqual(expect.arrayContaining(["web=web:1", "side=side:1"]));
      await sync(session, world, wanted(2, "web"));
      expect(await containers(world)).toEqual(["web=web:1"]);
    });

    it("that is an item of its own is not taken with those that took the place of ours", async () => {
      const world = await newWorld();
      const session = world.open();
      const rule = { ...IMAGE, path: "spec.template.spec.containers[name=web].env[name=B]" };
      await sync(session, world, app(world, [rule], web(world, 1, "web")));
      const env = "/spec/template/spec/containers/0/env";
      const steps = [
        { op: "add", path: `${env}/-`, value: { name: "B", value: "theirs" } },
        { op: "replace", path: `${env}/0/name`, value: "C" },
      ];
      await kubectl([
        "-n",
        world.name,
        "patch",
        "deployment/web",
        "--type=json",
        "-p",
        JSON.stringify(steps),
      ]);
      await expect.poll(() => world.notices, SOON).toMatchObject([{ state: "put-back" }]);
      const names = async () => {
        const path = "jsonpath={.spec.template.spec.containers[0].env[*].name}";
        const text = await kubectl(["-n", world.name, "get", "deployment/web", "-o", path]);
        return text.split(" ").toSorted();
      };
      expect(await names()).toEqual(["A", "B"]);
      await sync(session, world, app(world, [rule], web(world, 2, "web")));
      expect(await names()).toEqual(["A", "B"]);
    });
  });

  describe("a write of others is never lost", () => {
    /** The API of an engine before each of whose applies somebody else writes. */
    function racing(world: World, write: () => Promise<void>): KubeApi {
      let left = 1;
      return {
        ...cutApi(world.api, { at: 0, cut: "before", kill: false }).api,
        apply: async (type, object, options, signal) => {
          if (object.kind === "ConfigMap" && left-- > 0) await write();
          return world.api.apply(type, object, options, signal);
        },
      };
    }

    it("also between a look and the apply", async () => {
      const world = await newWorld();
      const first = world.open();
      await sync(first, world, app(world, [FIRST], config(world, { first: "1", second: "1" })));
      await first.close();
      const write = () => patch(world, "configmap/config", { data: { first: "theirs" } });
      const session = world.open({ api: racing(world, write) });
      await sync(session, world, app(world, [FIRST], config(world, { first: "1", second: "2" })));
      expect(await data(world)).toEqual({ first: "theirs", second: "2" });
    });

    it("also where they make the object at the same time", async () => {
      const world = await newWorld();
      await world.create(namespace(world.name));
      const write = async () => void (await world.create(config(world, { first: "theirs" })));
      const session = world.open({ api: racing(world, write) });
      await sync(session, world, app(world, [FIRST], config(world, { first: "1", second: "2" })));
      expect(await world.get(config(world, {}))).toMatchObject({
        metadata: { annotations: { "strata.dev/adopted": "true" } },
        data: { first: "theirs", second: "2" },
      });
    });

    it.each(["before", "after"] as const)("when an engine is killed %s any of its writes", async (cut) => {
      let reached = 0;
      for (let at = 1, killed = true; killed; at += 1) {
        const world = await newWorld();
        const wanted = app(world, [FIRST], config(world, { first: "1", second: "1" }));
        const { api, happened } = cutApi(world.api, { at, cut, kill: true });
        const dying = world.open({ api });
        const synced = dying.sync(world.desired(wanted), AbortSignal.timeout(60_000));
        killed = await Promise.race([happened.then(() => true), synced.then(() => false)]);
        await dying.close();
        const isThere = (await world.get(config(world, {}))) !== undefined;
        if (isThere) await patch(world, "configmap/config", { data: { first: "theirs" } });
        const session = world.open();
        await sync(session, world, wanted);
        await sync(session, world, app(world, [FIRST], config(world, { first: "1", second: "2" })));
        expect(await data(world)).toEqual({ first: isThere ? "theirs" : "1", second: "2" });
        const live = await world.get(config(world, {}));
        expect(applyFields(live as KubeObject)).not.toMatchObject({ "f:data": { "f:first": {} } });
        expect(live?.metadata.annotations ?? {}).toEqual({});
        reached = at;
      }
      expect(reached).toBeGreaterThan(4);
    });
  });
}
