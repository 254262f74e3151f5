import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { type RawApi, rawApi } from "./raw-api.ts";

const PATH = "/apis/apps/v1/namespaces/scale/deployments/web";
const WEB = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "example.com/web:1" }] },
    },
  },
};

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly fieldsV1: { readonly "f:spec"?: Readonly<Record<string, unknown>> };
}

describe.each(clusterTargets())("scale on $name", ({ start }) => {
  let target: Target;
  let api: RawApi;

  beforeAll(async () => {
    target = await start(1);
    const [cluster] = target.clusters;
    if (cluster === undefined) throw new Error("no cluster");
    api = rawApi(cluster);
    await api.send("POST", "/api/v1/namespaces", { body: { metadata: { name: "scale" } } });
  }, 600_000);
  afterAll(async () => {
    await api.close();
    await target.clusters[0]?.wipe();
    await target.stop();
  });

  const owners = async () => {
    const { body } = await api.send("GET", PATH);
    const { managedFields } = (body as { metadata: { managedFields: readonly Entry[] } }).metadata;
    return managedFields
      .filter((entry) => entry.fieldsV1["f:spec"]?.["f:replicas"] !== undefined)
      .map(({ manager, operation, subresource }) => `${manager} ${operation} ${subresource ?? ""}`.trim());
  };

  test("takes the replicas out of the entry of who applied them, whatever the type of its patch", async () => {
    const apply = { type: "application/apply-patch+yaml", body: WEB };
    expect((await api.send("PATCH", `${PATH}?fieldManager=first`, apply)).status).toBe(201);
    expect(await owners()).toEqual(["first Apply"]);
    const replace = [{ op: "replace", path: "/spec/replicas", value: 2 }];
    const scaled = await api.send("PATCH", `${PATH}/scale?fieldManager=second`, {
      type: "application/json-patch+json",
      body: replace,
    });
    expect(scaled).toMatchObject({ status: 200, body: { kind: "Scale", spec: { replicas: 2 } } });
    expect(await owners()).toEqual(["second Update scale"]);
    const conflict = await api.send("PATCH", `${PATH}?fieldManager=first`, apply);
    expect(conflict).toMatchObject({
      status: 409,
      body: {
        reason: "Conflict",
        details: { causes: [{ reason: "FieldManagerConflict", field: ".spec.replicas" }] },
      },
    });
    expect((await api.send("PATCH", `${PATH}?fieldManager=first&force=true`, apply)).status).toBe(200);
    expect(await owners()).toEqual(["first Apply"]);
  });

  test("PUT of a Scale that was read scales, and only once", async () => {
    // Its controller writes the status meanwhile, so that what was read may be old already
    const more = await vi.waitFor(async () => {
      const { body } = await api.send("GET", `${PATH}/scale`);
      const scale = { ...(body as object), spec: { replicas: 3 } };
      expect(await api.send("PUT", `${PATH}/scale`, { body: scale })).toMatchObject({ status: 200 });
      return scale;
    }, 20_000);
    expect(await api.send("PUT", `${PATH}/scale`, { body: more })).toMatchObject({ status: 409 });
  });
});
