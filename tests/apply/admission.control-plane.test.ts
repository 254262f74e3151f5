import { describe, expect, it, onTestFinished } from "vitest";
import { connectServer } from "../../engine/cluster/kube-api.ts";
import type { JsonObject, KubeObject } from "../../engine/model/kube-object.ts";
import { realTargets } from "../support/cluster-targets.ts";
import { useCluster } from "../support/use-cluster.ts";
import { configMap, layer, namespace, useWorlds, type World } from "./world.ts";

const GROUP = "admissionregistration.k8s.io/v1";

// The sandbox runs no admission of its own
describe.each(realTargets())("admission, on $name", ({ start }) => {
  const cluster = useCluster(start);
  const newWorld = useWorlds(async () => {
    const { server, token, ca } = cluster();
    return connectServer({ server, token, ...(ca === undefined ? {} : { ca }) });
  });

  async function kubectl(args: readonly string[], stdin?: JsonObject) {
    return cluster().kubectl(args, stdin === undefined ? {} : { stdin: JSON.stringify(stdin) });
  }

  /** Puts a policy on what a world applies, and waits until `probe` shows that it works. It goes with the test. */
  async function policy(
    world: World,
    verb: "Validating" | "Mutating",
    spec: JsonObject,
    probe: (sample: string) => boolean,
  ) {
    const kind = `${verb}AdmissionPolicy`;
    const resourceRules = [
      {
        apiGroups: [""],
        apiVersions: ["v1"],
        operations: ["CREATE", "UPDATE"],
        resources: ["configmaps", "secrets"],
      },
    ];
    const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": world.name } };
    const matchConstraints = { resourceRules, namespaceSelector };
    const metadata = { name: world.name };
    const actions = verb === "Validating" ? { validationActions: ["Deny"] } : {};
    onTestFinished(async () => {
      await kubectl(["delete", `${kind}Binding,${kind}`, world.name, "--ignore-not-found"]);
    });
    const objects = [
      { apiVersion: GROUP, kind, metadata, spec: { failurePolicy: "Fail", matchConstraints, ...spec } },
      { apiVersion: GROUP, kind: `${kind}Binding`, metadata, spec: { policyName: world.name, ...actions } },
      namespace(world.name),
    ];
    const made = await kubectl(["apply", "--server-side", "-f", "-"], {
      apiVersion: "v1",
      kind: "List",
      items: objects,
    });
    expect(made.stderr).toBe("");
    const sample = configMap(world.name, "bad", { value: "ours" });
    const look = async () => {
      const run = await kubectl(["create", "--dry-run=server", "-o", "yaml", "-f", "-"], sample);
      return probe(run.stdout + run.stderr);
    };
    await expect.poll(look, { timeout: 60_000, interval: 500 }).toBe(true);
  }

  it("what a policy denies is told in its words, costs nothing else, and heals; of a Secret the words are kept back", async () => {
    const world = await newWorld();
    const session = world.open();
    const password = "(object.kind == 'Secret' ? object.data.password : '')";
    const validations = [
      {
        expression: "!object.metadata.name.startsWith('bad')",
        messageExpression: `'this is not allowed here: ' + object.metadata.name + ' ' + ${password}`,
      },
    ];
    await policy(world, "Validating", { validations }, (said) => said.includes("this is not allowed here"));
    const good = configMap(world.name, "good", { value: "1" });
    const secret = { ...configMap(world.name, "bad-secret", { password: "aHVudGVyMg==" }), kind: "Secret" };
    const state = (...more: readonly KubeObject[]) =>
      world.desired(layer("app", [namespace(world.name), good, ...more]));
    const live = await world.sync(session, state(configMap(world.name, "bad"), secret));
    const problems = live.layers.flatMap((one) => one.problems);
    expect(live.health).toBe("degraded");
    expect(problems).toMatchObject([
      {
        code: expect.stringMatching(/^api-4/),
        object: `ConfigMap ${world.name}/bad`,
        line: 3,
        message: expect.stringContaining("not allowed here: bad"),
      },
      { code: expect.stringMatching(/^api-4/), object: `Secret ${world.name}/bad-secret`, line: 4 },
    ]);
    expect(JSON.stringify([world.changes, problems])).not.toContain("aHVudGVyMg");
    expect(await world.get(good)).toBeDefined();
    expect(await world.sync(session, state())).toMatchObject({ health: "healthy", blockedBy: [] });
  });

  it("what a policy changes in every write is left as it makes it: no fight, and no request once applied", async () => {
    const world = await newWorld();
    const session = world.open();
    const mutations = [
      {
        patchType: "JSONPatch",
        jsonPatch: {
          expression:
            "[JSONPatch{op: 'add', path: '/data/value', value: 'theirs'}, JSONPatch{op: 'add', path: '/data/more', value: 'theirs'}]",
        },
      },
    ];
    const spec = { mutations, reinvocationPolicy: "Never" };
    await policy(world, "Mutating", spec, (said) => said.includes("more: theirs"));
    const map = configMap(world.name, "mutated", { value: "ours", other: "ours" });
    const desired = world.desired(layer("app", [namespace(world.name), map]));
    expect(await world.sync(session, desired)).toMatchObject({ health: "healthy" });
    expect((await world.get(map))?.data).toEqual({ value: "theirs", other: "ours", more: "theirs" });
    for (const one of [session, world.reopen()]) {
      await world.sync(one, desired);
      const before = world.api.requests;
      await world.sync(one, desired);
      expect(world.api.requests - before).toBe(0);
    }
    // Somebody's change beside it makes an event: what the policy made of ours is no drift even then.
    const patch = JSON.stringify({ metadata: { labels: { theirs: "1" } } });
    await kubectl(["-n", world.name, "patch", "configmap", "mutated", "--type=merge", "-p", patch]);
    const other = JSON.stringify({ data: { other: "theirs" } });
    await kubectl(["-n", world.name, "patch", "configmap", "mutated", "--type=merge", "-p", other]);
    await expect
      .poll(async () => (await world.get(map))?.data, { timeout: 30_000 })
      .toMatchObject({ other: "ours" });
    expect(world.notices.flatMap(({ fields }) => fields)).not.toContain("data.value");
  });
});
