import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { type RawApi, rawApi } from "./raw-api.ts";
import { DEPLOYMENTS, deployment, MAPS, map, REFUSALS } from "./refusal-cases.ts";

describe.each(clusterTargets())("refusals on $name", ({ start }) => {
  let target: Target;
  let api: RawApi;

  beforeAll(async () => {
    target = await start(1);
    const [cluster] = target.clusters;
    if (cluster === undefined) throw new Error("no cluster");
    api = rawApi(cluster);
    await api.send("POST", "/api/v1/namespaces", { body: { metadata: { name: "refusals" } } });
    await api.send("POST", MAPS, map({ name: "there" }));
    const web = deployment({ app: "d" }, { name: "c", image: "example.com/c:1" }).body;
    await api.send("POST", DEPLOYMENTS, { body: { ...web, metadata: { name: "web" } } });
  }, 600_000);
  afterAll(async () => {
    await api.close();
    await target.clusters[0]?.wipe();
    await target.stop();
  });

  test.each(REFUSALS)("%s", async (_what, request, { status, reason, field, says = "" }) => {
    const answer = await api.send(...request);
    expect(answer).toMatchObject({
      status,
      body: { kind: "Status", status: "Failure", code: status, reason },
    });
    const { message, details } = answer.body as {
      message: string;
      details?: { causes?: { field?: string }[] };
    };
    expect(message).toContain(says);
    if (field !== undefined) expect(details?.causes?.map((cause) => cause.field)).toContain(field);
  });

  test("a field that does not exist is left out with a warning where nothing is said", async () => {
    const answer = await api.send("POST", MAPS, map({ name: "warned" }, { dota: {} }));
    expect(answer.status).toBe(201);
    expect(answer.warning).toBe('299 - "unknown field \\"dota\\""');
    expect(answer.body).not.toHaveProperty("dota");
  });

  test("a dry run answers and changes nothing", async () => {
    expect((await api.send("POST", `${MAPS}?dryRun=All`, map({ name: "dry" }))).status).toBe(201);
    expect((await api.send("GET", `${MAPS}/dry`)).status).toBe(404);
    expect((await api.send("DELETE", `${MAPS}/there?dryRun=All`)).status).toBe(200);
    expect((await api.send("GET", `${MAPS}/there`)).status).toBe(200);
  });
});
