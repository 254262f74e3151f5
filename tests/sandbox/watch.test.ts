import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { clusterTargets, type Target } from "../support/cluster-targets.ts";
import { next, type RawApi, rawApi, type WatchEvent } from "./raw-api.ts";

const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
const INITIAL =
  "watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
const MERGE = { type: "application/merge-patch+json" };

describe.each(clusterTargets())("watches on $name", ({ start }) => {
  let target: Target;
  let api: RawApi;
  let namespace = "";
  let path = "";
  let made = 0;

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
  beforeEach(async () => {
    namespace = `watch-${++made}`;
    path = `/api/v1/namespaces/${namespace}/secrets`;
    await api.send("POST", "/api/v1/namespaces", { body: { metadata: { name: namespace } } });
  });

  const put = async (name: string, labels: Record<string, string> = {}) => {
    const { body } = await api.send("POST", path, { body: { metadata: { name, labels } } });
    return (body as WatchEvent["object"]).metadata.resourceVersion;
  };
  const watch = (query: string, accept?: string) => {
    const events = api.watch(`${path}?${query}`, accept);
    onTestFinished(async () => void (await events.return()));
    return events;
  };
  const told = (events: readonly WatchEvent[]) =>
    events.map(({ type, object }) => `${type} ${object.metadata.name ?? ""}`.trim());

  test("what is there comes first, then a bookmark that says so, then what changes", async () => {
    await put("a");
    await put("b");
    const events = watch(INITIAL);
    const first = await next(events, 3);
    expect(told(first)).toEqual(["ADDED a", "ADDED b", "BOOKMARK"]);
    expect(first[2]?.object.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
    const version = await put("c");
    await api.send("PATCH", `${path}/a`, { ...MERGE, body: { data: { k: "dg==" } } });
    await api.send("DELETE", `${path}/b`);
    const after = await next(events, 3);
    expect(told(after)).toEqual(["ADDED c", "MODIFIED a", "DELETED b"]);
    expect(after[0]?.object.metadata.resourceVersion).toBe(version);
    const versions = after.map((event) => BigInt(event.object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  test("a label that goes is DELETED with the labels before, one that comes is ADDED", async () => {
    await put("a", { team: "x" });
    await put("b");
    const events = watch(`${INITIAL}&labelSelector=team%3Dx`);
    expect(told(await next(events, 2))).toEqual(["ADDED a", "BOOKMARK"]);
    await api.send("PATCH", `${path}/a`, { ...MERGE, body: { metadata: { labels: { team: null } } } });
    await api.send("PATCH", `${path}/b`, { ...MERGE, body: { metadata: { labels: { team: "x" } } } });
    const [gone, came] = await next(events, 2);
    expect(gone).toMatchObject({
      type: "DELETED",
      object: { metadata: { name: "a", labels: { team: "x" } } },
    });
    expect(gone?.object.metadata.deletionTimestamp).toBeUndefined();
    expect(came).toMatchObject({ type: "ADDED", object: { metadata: { name: "b" } } });
  });

  test("a watch goes on behind a resourceVersion, with nothing twice", async () => {
    await put("a");
    const version = await put("b");
    await put("c");
    expect(told(await next(watch(`watch=true&resourceVersion=${version}`), 1))).toEqual(["ADDED c"]);
  });

  test("fields select one object, and deletion with a finalizer is a change first", async () => {
    await put("a");
    await put("b");
    await api.send("PATCH", `${path}/b`, {
      ...MERGE,
      body: { metadata: { finalizers: ["example.com/hold"] } },
    });
    const events = watch(`${INITIAL}&fieldSelector=metadata.name%3Db`);
    expect(told(await next(events, 2))).toEqual(["ADDED b", "BOOKMARK"]);
    await api.send("DELETE", `${path}/b`);
    await api.send("PATCH", `${path}/b`, { ...MERGE, body: { metadata: { finalizers: null } } });
    const [ending, gone] = await next(events, 2);
    expect(ending?.type).toBe("MODIFIED");
    expect(ending?.object.metadata.deletionTimestamp).toBeDefined();
    expect(gone?.type).toBe("DELETED");
  });

  test("metadata alone is metadata alone, the bookmark too", async () => {
    await put("a");
    const events = await next(watch(INITIAL, METADATA), 2);
    expect(events.map(({ object }) => object.kind)).toEqual([
      "PartialObjectMetadata",
      "PartialObjectMetadata",
    ]);
    expect(events[0]?.object).not.toHaveProperty("data");
  });

  test("a write that changes nothing is no event", async () => {
    await put("a", { team: "x" });
    const events = watch(INITIAL);
    await next(events, 2);
    const same = { apiVersion: "v1", kind: "Secret", metadata: { name: "a", labels: { team: "x" } } };
    const apply = { type: "application/apply-patch+yaml", body: same };
    const once = await api.send("PATCH", `${path}/a?fieldManager=test`, apply);
    const twice = await api.send("PATCH", `${path}/a?fieldManager=test`, apply);
    expect([once.status, twice.status]).toEqual([200, 200]);
    expect(twice.body).toEqual(once.body);
    await put("b");
    expect(told(await next(events, 2))).toEqual(["MODIFIED a", "ADDED b"]);
  });

  test("pages have the revision of the first, and their continue goes on behind it", async () => {
    for (const name of ["a", "b", "c"]) await put(name);
    type List = {
      metadata: { resourceVersion: string; continue?: string };
      items: { metadata: { name: string } }[];
    };
    const first = (await api.send("GET", `${path}?limit=2`)).body as List;
    await put("d");
    const more = (await api.send("GET", `${path}?limit=2&continue=${first.metadata.continue ?? ""}`))
      .body as List;
    expect(first.items.map((item) => item.metadata.name)).toEqual(["a", "b"]);
    expect(more.items[0]?.metadata.name).toBe("c");
    expect(more.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });
});
