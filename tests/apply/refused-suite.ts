import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../engine/model/kube-object.ts";
import type { ConnectTarget } from "./targets.ts";
import { configMap, layer, namespace, service, useWorlds, type World } from "./world.ts";

/** What a cluster refuses or never finishes: it is told with its object, costs no other object, and heals. */
export function refusedSuite(connect: ConnectTarget): void {
  const newWorld = useWorlds(connect);

  function kept(world: World): KubeObject[] {
    return [namespace(world.name), configMap(world.name, "kept", { key: "1" })];
  }

  /** Syncs these beside what is fine; gives the problems, each as code and object, and expects that what is fine is there. */
  async function refusals(world: World, ...objects: readonly KubeObject[]) {
    const session = world.open();
    const live = await world.sync(session, world.desired(layer("app", [...kept(world), ...objects])));
    for (const object of kept(world)) expect(await world.get(object)).toBeDefined();
    expect(live.health).toBe("degraded");
    return live.layers.flatMap(({ problems }) => problems);
  }

  describe("an object that the server refuses", () => {
    const cases: readonly [string, (name: string) => KubeObject, Record<string, unknown>][] = [
      [
        "a label of more than 63 characters",
        (name) => labelled(name, "a", "x".repeat(64)),
        { code: "api-422" },
      ],
      ["a label that is no label", (name) => labelled(name, "a b/c", "x"), { code: "api-422" }],
      [
        "annotations of more than 256 KiB",
        (name) => annotated(name, "x".repeat(262_145)),
        { code: "api-422" },
      ],
      [
        "an object of more than 1 MiB",
        (name) => configMap(name, "bad", { key: "x".repeat(1_600_000) }),
        { code: "api-422" },
      ],
      [
        "an object of more than 3 MiB",
        (name) => configMap(name, "bad", { key: "x".repeat(3_200_000) }),
        { code: "api-413" },
      ],
      [
        "a kind that nobody serves",
        (name) => ({ ...configMap(name, "bad"), kind: "Confmap" }),
        { code: "kind-not-served" },
      ],
      [
        "a group that nobody serves",
        (name) => ({ ...configMap(name, "bad"), apiVersion: "nobody.example/v1" }),
        { code: "kind-not-served" },
      ],
      [
        "a field that the kind does not have",
        (name) => ({ ...configMap(name, "bad"), date: {} }),
        { code: "api-500" },
      ],
      ["a namespace that is not there", (name) => configMap(`${name}-gone`, "bad"), { code: "api-404" }],
      [
        "data that is a number",
        (name) => ({ ...configMap(name, "bad"), data: { key: 1 } }),
        { code: "api-500" },
      ],
    ];

    it.each(cases)("%s", async (_what, bad, expected) => {
      const world = await newWorld();
      const problems = await refusals(world, bad(world.name));
      expect(problems).toMatchObject([
        { ...expected, file: "app.yaml", line: 3, object: expect.stringContaining("bad") },
      ]);
      expect(problems[0]?.message).not.toBe("");
      expect(JSON.stringify(problems).length).toBeLessThan(2_000);
    });

    it.each([
      ["base64 that is none", { data: { password: "hunter2!" } }],
      ["a number as data", { data: { password: 48_879_001 } }],
      ["a number as text", { stringData: { password: 48_879_001 } }],
      ["a list as data", { data: ["hunter2"] }],
      ["a password as its type", { type: { hunter2: 48_879_001 } }],
    ])("a Secret with %s, which no message repeats", async (_what, fields) => {
      const world = await newWorld();
      const secret = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "bad", namespace: world.name },
        ...fields,
      };
      const problems = await refusals(world, secret as KubeObject); // not as the type says: that is the case
      const object = `Secret ${world.name}/bad`;
      expect(problems).toMatchObject([
        { code: expect.stringMatching(/^api-(400|500)$/), file: "app.yaml", line: 3, object },
      ]);
      expect(JSON.stringify([problems, world.changes])).not.toMatch(/hunter2|48879001/);
    });
  });

  it("keys that are names of JavaScript's own are applied, cost nothing once applied, and are put back", async () => {
    const world = await newWorld();
    const session = world.open();
    const data = JSON.parse('{"__proto__":"1","constructor":"2","toString":"3"}') as Record<string, string>;
    const odd = configMap(world.name, "odd", data);
    const objects = [namespace(world.name), odd];
    expect(await world.sync(session, world.desired(layer("app", objects)))).toMatchObject({
      health: "healthy",
    });
    expect(JSON.stringify((await world.get(odd))?.data)).toBe(JSON.stringify(data));
    const before = world.api.requests;
    await world.sync(session, world.desired(layer("app", objects)));
    expect(world.api.requests - before).toBe(0);
    await world.sync(
      session,
      world.desired(layer("app", [namespace(world.name), configMap(world.name, "odd", { toString: "3" })])),
    );
    expect(JSON.stringify((await world.get(odd))?.data)).toBe('{"toString":"3"}');
  });

  it("a field that cannot be changed is told, leaves the object as it is, and heals", async () => {
    const world = await newWorld();
    const session = world.open();
    const fixed = (key: string): KubeObject => ({
      ...configMap(world.name, "fixed", { key }),
      immutable: true,
    });
    const state = (key: string) => world.desired(layer("app", [...kept(world), fixed(key)]));
    await world.sync(session, state("1"));
    const before = await world.get(fixed("1"));
    const live = await world.sync(session, state("2"));
    expect(live).toMatchObject({
      health: "degraded",
      layers: [{ problems: [{ code: "api-422", line: 3 }] }],
    });
    expect(await world.get(fixed("1"))).toEqual(before);
    expect(await world.listed()).toContain(`ConfigMap ${world.name}/fixed`);
    expect(await world.sync(session, state("1"))).toMatchObject({ health: "healthy", blockedBy: [] });
  });

  describe("Jobs", () => {
    it("one that is gone as soon as it is done is not made again, nor by an engine that starts cold", async () => {
      const world = await newWorld();
      const session = world.open();
      const job = jobOf(world.name, { ttlSecondsAfterFinished: 0 });
      const desired = world.desired(
        layer("job", [namespace(world.name), job]),
        layer("next", [configMap(world.name, "next")]),
      );
      expect(await world.sync(session, desired)).toMatchObject({ health: "healthy" });
      await expect.poll(() => world.get(job), { timeout: 30_000 }).toBeUndefined();
      for (const one of [session, world.reopen()]) {
        expect(await world.sync(one, desired)).toMatchObject({ health: "healthy" });
        expect(await world.get(job)).toBeUndefined();
      }
    });

    it("one that is suspended waits for nobody, and finishes once it is resumed", async () => {
      const world = await newWorld();
      const session = world.open();
      const state = (suspend: boolean) =>
        world.desired(layer("job", [namespace(world.name), jobOf(world.name, { suspend })]));
      expect(await world.sync(session, state(true))).toMatchObject({ health: "healthy" });
      expect((await world.get(jobOf(world.name, {})))?.status).not.toMatchObject({ succeeded: 1 });
      const uid = (await world.get(jobOf(world.name, {})))?.metadata.uid;
      expect(await world.sync(session, state(false))).toMatchObject({ health: "healthy" });
      expect(await world.get(jobOf(world.name, {}))).toMatchObject({
        metadata: { uid },
        status: { succeeded: 1 },
      });
    });
  });

  describe("what does not end", () => {
    it("an object whose finalizer nobody removes holds up nothing else, and stays listed until it is gone", async () => {
      const world = await newWorld();
      const session = world.open();
      const held = withFinalizer(configMap(world.name, "held"));
      await world.sync(
        session,
        world.desired(layer("app", [...kept(world), held, configMap(world.name, "free")])),
      );
      const superseding = new AbortController();
      const first = session.sync(world.desired(layer("app", kept(world))), superseding.signal);
      const told = () => session.live().blockedBy.map(({ code, object }) => `${code} ${object}`);
      await expect.poll(told, { timeout: 30_000 }).toEqual([`prune-waiting ConfigMap ${world.name}/held`]);
      expect(session.live().blockedBy[0]?.message).toContain("example.com/never");
      expect(await world.get(configMap(world.name, "free"))).toBeUndefined();
      expect((await world.get(held))?.metadata.deletionTimestamp).toEqual(expect.any(String));
      superseding.abort();
      expect(await first).toEqual({ state: "superseded" });

      const added = configMap(world.name, "added");
      const second = world.sync(session, world.desired(layer("app", [...kept(world), added])));
      await expect.poll(() => world.get(added), { timeout: 30_000 }).toBeDefined();
      expect(await world.listed()).toContain(`ConfigMap ${world.name}/held`);
      await removeFinalizer(world, held);
      expect(await second).toMatchObject({ health: "healthy", blockedBy: [] });
      expect(await world.get(held)).toBeUndefined();
      expect(await world.listed()).not.toContain(`ConfigMap ${world.name}/held`);
    });

    it("what is gone at last is no part of the finished inventory", async () => {
      const world = await newWorld();
      const session = world.open();
      const held = withFinalizer(service(world.name, "held"));
      await world.sync(session, world.desired(layer("app", [...kept(world), held])));
      const leaving = world.sync(session, world.desired(layer("app", kept(world))));
      const parent = async () => (await world.inventory())?.parent;
      const told = () => session.live().blockedBy.map(({ code }) => code);
      await expect.poll(told, { timeout: 30_000 }).toEqual(["prune-waiting"]);
      const standing = { state: "finished", groupKinds: ["ConfigMap", "Namespace", "Service"] };
      expect(await parent()).toMatchObject(standing);
      await removeFinalizer(world, held);
      expect(await leaving).toMatchObject({ health: "healthy", blockedBy: [] });
      expect(await parent()).toMatchObject({ state: "finished", groupKinds: ["ConfigMap", "Namespace"] });
    });

    it("an object that comes back while it is being deleted is made again when it is gone", async () => {
      const world = await newWorld();
      const session = world.open();
      const held = withFinalizer(configMap(world.name, "held"));
      const desired = world.desired(layer("app", [...kept(world), held]));
      await world.sync(session, desired);
      const uid = (await world.get(held))?.metadata.uid;
      await world.delete(held);
      const waiting = world.sync(session, desired);
      await expect
        .poll(() => session.live().layers[0]?.problems[0]?.code, { timeout: 30_000 })
        .toBe("terminating");
      await removeFinalizer(world, held);
      await waiting;
      const isNew = async () => ![uid, undefined].includes((await world.get(held))?.metadata.uid);
      await expect.poll(isNew, { timeout: 30_000 }).toBe(true);
      await expect.poll(() => session.live().health, { timeout: 30_000 }).toBe("healthy");
      await removeFinalizer(world, held);
    });

    it("a Namespace that is being deleted is waited for, and everything in it is made again", async () => {
      const world = await newWorld();
      const session = world.open();
      const held = withFinalizer(configMap(world.name, "held"));
      await world.sync(session, world.desired(layer("app", [...kept(world), held])));
      await world.delete(namespace(world.name));
      await expect.poll(() => world.get(configMap(world.name, "kept")), { timeout: 30_000 }).toBeUndefined();
      const desired = world.desired(layer("app", [...kept(world), configMap(world.name, "new")]));
      const waiting = world.sync(session, desired);
      const codes = () => session.live().layers.flatMap(({ problems }) => problems.map(({ code }) => code));
      await expect.poll(codes, { timeout: 30_000 }).toContain("terminating");
      expect(session.live().health).toBe("progressing");
      await removeFinalizer(world, held);
      expect(await waiting).toMatchObject({ health: "healthy", blockedBy: [] });
      expect(await world.get(configMap(world.name, "new"))).toBeDefined();
    });
  });
}

function labelled(inNamespace: string, key: string, value: string): KubeObject {
  const object = configMap(inNamespace, "bad");
  return { ...object, metadata: { ...object.metadata, labels: { [key]: value } } };
}

function annotated(inNamespace: string, value: string): KubeObject {
  const object = configMap(inNamespace, "bad");
  return { ...object, metadata: { ...object.metadata, annotations: { a: value } } };
}

function withFinalizer(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, finalizers: ["example.com/never"] } };
}

async function removeFinalizer(world: World, object: KubeObject): Promise<void> {
  const { name, namespace: inNamespace } = object.metadata;
  const steps = [{ op: "remove", path: "/metadata/finalizers" }] as const;
  const reference = { name, ...(typeof inNamespace === "string" ? { namespace: inNamespace } : {}) };
  await world.api.jsonPatch(
    await world.typeOf(object),
    { namespace: "", ...reference },
    steps,
    AbortSignal.timeout(30_000),
  );
}

function jobOf(inNamespace: string, spec: Readonly<Record<string, number | boolean>>): KubeObject {
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "job", image: "a:1" }] } };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "migrate", namespace: inNamespace },
    spec: { ...spec, template },
  };
}
