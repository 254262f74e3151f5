import { describe, expect, test } from "vitest";
import { confirmUpdates } from "../../engine/actions/index.ts";
import { checkRepository, listUpdates } from "../../engine/fleet/index.ts";
import type { Problem } from "../../engine/model/errors.ts";
import { release } from "../../engine/repo/release.ts";
import { commitFiles, writeFiles } from "../support/temp-git.ts";
import { type AppFleet, appFleet, DEPLOYMENT } from "./app-fleet.ts";

const PROFILE = "profiles/app/profile.yaml";
const WEB = "profiles/app/web/deployment.yaml";
const SCALER = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: app }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  maxReplicas: 5
`;

/** The profile, in whose first layer this is ignored. */
function ignoring(...entries: readonly string[]): string {
  const ignore =
    entries.length === 0 ? "" : `\n      ignore:\n${entries.map((one) => `        - ${one}\n`).join("")}`;
  return `apiVersion: strata.dev/v1alpha1
kind: Profile
metadata: { name: app }
spec:
  version: 1.0.0
  layers:
    - name: web
      type: manifest${ignore}
    - { name: extra, type: manifest }
`;
}

const REPLICAS = "{ object: { kind: Deployment, name: web }, path: spec.replicas }";

async function problemsWith(files: Readonly<Record<string, string>>): Promise<readonly Problem[]> {
  const fleet = await appFleet();
  await writeFiles(fleet.dir, files);
  return checkRepository(fleet.repo, { requireLock: false }, fleet.options());
}

describe("strata check", () => {
  test("takes what a layer ignores", async () => {
    const entries = [
      REPLICAS,
      "{ object: { group: apps, kind: Deployment, namespace: app }, path: 'spec.template.spec.containers[name=web].env[name=A]' }",
      "{ object: { kind: Service }, path: 'spec.ports[port=53,protocol=UDP].targetPort' }",
    ];
    const [unset, ...others] = await problemsWith({ [PROFILE]: ignoring(...entries) });
    expect(others).toEqual([]);
    expect(unset).toMatchObject({
      code: "ignore-unused",
      severity: "warning",
      message: "the layer sets no such value in the object",
      file: PROFILE,
      line: 12,
      object: "spec.layers[0].ignore[2].path",
    });
  });

  test.each([
    ["spec..replicas", /is no path: it cannot be read at character 5/],
    ["spec[recurse(.)]", /is no path: it cannot be read at character 5/],
    ["spec.replicas | recurse", /is no path: it cannot be read at character 14/],
    ["spec.(a+)+$", /is no path: it cannot be read at character 5/],
    ["metadata.name", /its name or its status cannot be ignored/],
    ["spec.selector.matchLabels", /spec.selector of Deployment.apps app\/web is one value/],
    ["spec.template.spec.containers[name=web].args[=a]", /args of Deployment.apps app\/web is one value/],
    ["spec.template.spec.containers[image=web].image", /containers are known by name/],
    ["spec.template.spec.containers[name=web].name", /name says which item it is/],
    ["spec.template.spec.containers.$setElementOrder", /is no value of an object/],
  ])("says where and why it cannot ignore %s", async (path, message) => {
    const entry = `{ object: { kind: Deployment }, path: '${path}' }`;
    const problems = await problemsWith({ [PROFILE]: ignoring(REPLICAS, entry) });
    const place = { file: PROFILE, line: 11, column: 43, object: "spec.layers[0].ignore[1].path" };
    expect(problems).toMatchObject([
      { code: "path-invalid", severity: "error", hint: expect.any(String), ...place },
    ]);
    expect(problems[0]?.message).toMatch(message);
  });

  test("warns of an entry that finds no object, and refuses fields that it does not know", async () => {
    const other = "{ object: { kind: Deployment, name: other }, path: spec.replicas }";
    expect(await problemsWith({ [PROFILE]: ignoring(other) })).toMatchObject([
      { code: "ignore-unused", severity: "warning", file: PROFILE, line: 10, column: 13 },
    ]);
    const unknown = "{ object: { kind: Deployment, label: other }, path: spec.replicas }";
    expect(await problemsWith({ [PROFILE]: ignoring(unknown) })).toMatchObject([
      { code: "schema-invalid", file: PROFILE, line: 10, object: "spec.layers[0].ignore[0].object.label" },
    ]);
  });

  test("warns where a layer sets replicas that an autoscaler beside it scales", async () => {
    const files = { "profiles/app/extra/scaler.yaml": SCALER };
    expect(await problemsWith(files)).toEqual([
      {
        code: "replicas-autoscaled",
        severity: "warning",
        message:
          "spec.replicas is set, and HorizontalPodAutoscaler.autoscaling app/web (profiles/app/extra/scaler.yaml:1:1) scales it",
        file: WEB,
        line: 2,
        column: 1,
        object: "Deployment.apps app/web",
        hint: expect.stringContaining("ignore"),
      },
    ]);
    expect(await problemsWith({ ...files, [PROFILE]: ignoring(REPLICAS) })).toEqual([]);
    const without = DEPLOYMENT.replace(/ {2}replicas.*\n/, "");
    expect(await problemsWith({ ...files, [WEB]: without })).toEqual([]);
    const ofAnother = SCALER.replace("kind: Deployment, name: web", "kind: Deployment, name: other");
    expect(await problemsWith({ "profiles/app/extra/scaler.yaml": ofAnother })).toEqual([]);
  });

  test("warns where a cluster has both through an override alone", async () => {
    const fleet = await appFleet();
    const files = {
      "profiles/app/extra/scaler.yaml": SCALER,
      [WEB]: DEPLOYMENT.replace(/ {2}replicas.*\n/, ""),
    };
    await commitFiles(fleet.dir, files);
    await release(fleet.repo, fleet.options());
    const [update] = await listUpdates(fleet.repo, {}, fleet.options());
    const choice = { cluster: "dev", plans: [update?.plan ?? ""], drop: [], edited: new Map() };
    await confirmUpdates(fleet.repo, [choice], fleet.options());
    expect(await checkRepository(fleet.repo, { requireLock: false }, fleet.options())).toEqual([]);
    await fleet.override((text) => text.replace("spec:\n", "spec:\n  replicas: 3\n"));
    expect(await checkRepository(fleet.repo, { requireLock: false }, fleet.options())).toMatchObject([
      { code: "replicas-autoscaled", severity: "warning", object: "Deployment.apps app/web" },
    ]);
  });
});

describe("the plan of an update", () => {
  async function change(fleet: AppFleet, files: Readonly<Record<string, string>>): Promise<void> {
    await commitFiles(fleet.dir, files);
    await release(fleet.repo, fleet.options());
  }

  const three = DEPLOYMENT.replace("replicas: 2", "replicas: 3");

  test("says that an object stays as it is where only ignored values differ", async () => {
    const fleet = await appFleet();
    await change(fleet, { [PROFILE]: ignoring(REPLICAS), [WEB]: three });
    const plan = await fleet.plan();
    expect(plan.layers[0]?.changes).toMatchObject([{ path: "spec.replicas", before: 2, after: 3 }]);
    expect(plan.effects).toMatchObject([{ object: "Deployment.apps app/web", effect: "unchanged" }]);
    await change(fleet, { [WEB]: three.replace("web:1", "web:2") });
    expect((await fleet.plan()).effects).toMatchObject([{ effect: "changed", why: "" }]);
  });

  test("is there where only what is ignored changes; what is ignored no more is set again", async () => {
    const fleet = await appFleet();
    await change(fleet, { [PROFILE]: ignoring(REPLICAS) });
    const plan = await fleet.plan();
    expect(plan.effects).toEqual([]);
    const choice = { cluster: "dev", plans: [plan.plan], drop: [], edited: new Map() };
    await confirmUpdates(fleet.repo, [choice], fleet.options());
    expect(await listUpdates(fleet.repo, {}, fleet.options())).toEqual([]);
    await change(fleet, { [PROFILE]: ignoring() });
    expect((await fleet.plan()).effects).toMatchObject([
      { effect: "changed", why: "what was left to others is set again" },
    ]);
  });
});
