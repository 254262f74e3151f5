import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { type RawApi, rawApi } from "./raw-api.ts";

const MERGE = { type: "application/merge-patch+json" };
const POLL = { timeout: 30_000, interval: 100 };

describe.each(clusterTargets())("namespaces on $name", ({ start }) => {
  let target: Target;
  let api: RawApi;
  const status = async (path: string) => (await api.send("GET", path)).status;

  beforeAll(async () => {
    target = await start(1);
    const [cluster] = target.clusters;
    if (cluster === undefined) throw new Error("no cluster");
    api = rawApi(cluster);
  }, 600_000);
  afterAll(async () => {
    await api.close();
    await target.clusters[0]?.wipe();
    await target.stop();
  });

  test("what every namespace has comes back", async () => {
    await api.send("POST", "/api/v1/namespaces", { body: { metadata: { name: "furnished" } } });
    for (const what of ["configmaps/kube-root-ca.crt", "serviceaccounts/default"]) {
      const path = `/api/v1/namespaces/furnished/${what}`;
      await vi.waitFor(async () => expect(await status(path)).toBe(200), POLL);
      expect((await api.send("DELETE", path)).status).toBe(200);
      await vi.waitFor(async () => expect(await status(path)).toBe(200), POLL);
    }
  });

  test("one that ends takes nothing new, and stays until its content is gone", async () => {
    const path = "/api/v1/namespaces/ending";
    await api.send("POST", "/api/v1/namespaces", { body: { metadata: { name: "ending" } } });
    const held = { metadata: { name: "held", finalizers: ["example.com/hold"] } };
    await api.send("POST", `${path}/configmaps`, { body: held });
    await api.send("DELETE", path);
    const late = await api.send("POST", `${path}/configmaps`, { body: { metadata: { name: "late" } } });
    expect(late).toMatchObject({
      status: 403,
      body: { reason: "Forbidden", details: { causes: [{ reason: "NamespaceTerminating" }] } },
    });
    expect(await api.send("GET", path)).toMatchObject({ body: { status: { phase: "Terminating" } } });
    await vi.waitFor(
      async () =>
        expect(await api.send("GET", `${path}/configmaps/held`)).toMatchObject({
          body: { metadata: { deletionTimestamp: expect.any(String) } },
        }),
      POLL,
    );
    await api.send("PATCH", `${path}/configmaps/held`, {
      ...MERGE,
      body: { metadata: { finalizers: null } },
    });
    await vi.waitFor(async () => expect(await status(path)).toBe(404), POLL);
  });
});
