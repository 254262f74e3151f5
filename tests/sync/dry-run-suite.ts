import { expect, onTestFinished, test } from "vitest";
import { confirmUpdates } from "../../engine/actions/index.ts";
import type { PlanView } from "../../engine/model/plan.ts";
import { signal } from "../support/temp-git.ts";
import { type Fleet, runningFleet } from "./fleet.ts";
import { configMapText, LAYER_FILE, webText } from "./fleet-files.ts";
import type { NewFleet } from "./targets.ts";

/** What a cluster itself makes of a pending update. */
export function dryRunSuite(newFleet: NewFleet): void {
  test("a dry run says what the server refuses, what is there already and what stays, and changes nothing", async () => {
    const fleet = await runningFleet(newFleet, "one");
    const kubectl = (args: readonly string[]) => fleet.target("one").kubectl(args);
    const named = (name: string) => `${fleet.id}-${name}`;
    const [theirs, mine, before, held] = [named("theirs"), named("mine"), named("before"), named("held")];
    onTestFinished(async () => {
      await kubectl(["delete", "configmap", theirs, before, "-n", "default", "--ignore-not-found"]);
      await kubectl(["delete", "namespace", held, "--ignore-not-found", "--wait=false"]);
    });
    await apply(fleet, configMapText(before, "theirs"));
    await commit(
      fleet,
      configMapText(fleet.id, "1"),
      configMapText(mine, "1"),
      configMapText(before, "1"),
      webText(held),
    );
    await commitLock(fleet);
    expect(await fleet.sync()).toMatchObject([{ health: "healthy", blockedBy: [] }]);
    await apply(fleet, configMapText("foreign", "theirs").replace("default", held));
    await apply(fleet, configMapText(theirs, "theirs"));

    const other = configMapText("inside", "1").replace("default", `${fleet.id}-new`);
    const space = `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${fleet.id}-new\n`;
    const service = `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${mine}\n  namespace: default\nspec:\n  ports:\n    - port: 0\n`;
    await commit(fleet, configMapText(fleet.id, "2"), configMapText(theirs, "1"), space, other, service);
    await fleet.sync();
    const live = await versions(fleet);
    const [plan] = await tried(fleet);
    expect(byObject(plan)).toMatchObject({
      [`ConfigMap default/${fleet.id}`]: { effect: "changed", why: "" },
      [`ConfigMap default/${theirs}`]: { effect: "adopted" },
      [`Namespace ${fleet.id}-new`]: { effect: "created", why: "" },
      [`ConfigMap ${fleet.id}-new/inside`]: {
        effect: "created",
        why: expect.stringContaining(`namespaces "${fleet.id}-new" not found`),
      },
      [`Service default/${mine}`]: {
        effect: "created",
        problem: { object: `Service default/${mine}`, file: LAYER_FILE, line: expect.any(Number) },
      },
      [`ConfigMap default/${mine}`]: { effect: "pruned", why: "" },
      [`ConfigMap default/${before}`]: { effect: "released" },
      [`Namespace ${held}`]: { effect: "kept", why: "it still holds ConfigMap foreign" },
      [`Deployment.apps ${held}/web`]: { effect: "pruned", why: "" },
    });
    expect(plan?.effects).toHaveLength(9);
    expect(await versions(fleet)).toEqual(live);
    expect((await kubectl(["get", "namespace", `${fleet.id}-new`])).code).not.toBe(0);
    expect((await kubectl(["delete", "configmap", "foreign", "-n", held])).code).toBe(0);
    expect(byObject((await tried(fleet))[0])).toMatchObject({
      [`Namespace ${held}`]: { effect: "pruned", why: "" },
    });
  });

  test("a field that cannot be changed is told before it is confirmed", async () => {
    const fleet = await runningFleet(newFleet, "one");
    const space = `${fleet.id}-web`;
    await commit(fleet, configMapText(fleet.id, "1"), webText(space));
    await commitLock(fleet);
    await fleet.sync();
    const changed = webText(space).replaceAll("app: web", "app: other");
    await commit(fleet, configMapText(fleet.id, "1"), changed);
    await fleet.sync();
    const [plan] = await tried(fleet);
    const object = `Deployment.apps ${space}/web`;
    expect(plan?.effects).toMatchObject([
      { object, effect: "changed", problem: { object, file: LAYER_FILE } },
    ]);
    expect(plan?.effects[0]?.problem?.message).toContain("immutable");
    expect(fleet.view("one")).toMatchObject({ health: "healthy" });
  });
}

async function commit(fleet: Fleet, ...documents: readonly string[]): Promise<void> {
  await fleet.commit({ [LAYER_FILE]: documents.join("---\n") }, "Change the profile");
}

/** Approves what main has. */
async function commitLock(fleet: Fleet): Promise<void> {
  await fleet.sync();
  const [plan] = await fleet.engine.updates(fleet.name("one"), { serverDryRun: false, signal: signal() });
  const plans = plan === undefined ? [] : [plan.plan];
  await confirmUpdates(fleet.repo, [{ cluster: fleet.name("one"), plans, drop: [], edited: new Map() }], {
    signal: signal(),
  });
}

function tried(fleet: Fleet): Promise<readonly PlanView[]> {
  return fleet.engine.updates(fleet.name("one"), { serverDryRun: true, signal: signal() });
}

function byObject(plan: PlanView | undefined): Record<string, PlanView["effects"][number]> {
  return Object.fromEntries((plan?.effects ?? []).map((one) => [one.object, one]));
}

async function apply(fleet: Fleet, text: string): Promise<void> {
  const { code, stderr } = await fleet.target("one").kubectl(["apply", "-f", "-"], { stdin: text });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
}

/** Resource versions of all that a dry run could touch. */
async function versions(fleet: Fleet): Promise<string> {
  const columns = "custom-columns=:.kind,:.metadata.namespace,:.metadata.name,:.metadata.resourceVersion";
  const { stdout } = await fleet
    .target("one")
    .kubectl(["get", "configmaps,services,namespaces", "-A", "--no-headers", "-o", columns]);
  return stdout;
}
