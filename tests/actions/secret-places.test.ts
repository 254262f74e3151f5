import { expect, test } from "vitest";
import { confirmUpdates, editLayer, overrideCluster, readClusterLayer } from "../../engine/actions/index.ts";
import { checkRepository, diffVersions, showCluster } from "../../engine/fleet/index.ts";
import { commitFiles, git } from "../support/temp-git.ts";
import { type AppFleet, appFleet } from "./app-fleet.ts";

const FILE = "profiles/app/extra/secret.yaml";
const TARGET = { cluster: "dev", profile: "app", layer: "extra" };
const POINT = { profile: "app", version: "1.0.0" };

/** A password written where Secrets have one. */
const PLACES: Readonly<Record<string, (password: string) => string>> = {
  "a List": (password) =>
    `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: { name: key, namespace: app }\n    stringData: { password: ${password} }\n`,
  "a SecretList whose items name no kind": (password) =>
    `apiVersion: v1\nkind: SecretList\nitems:\n  - metadata: { name: key, namespace: app }\n    stringData: { password: ${password} }\n`,
  "what kubectl keeps of a Secret": (password) =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: key\n  namespace: app\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {"stringData":{"password":"${password}"}}\n`,
};

function edit(fleet: AppFleet, content: string, dryRun = false) {
  return editLayer(fleet.repo, { ...POINT, layer: "extra", content }, { ...fleet.options(), dryRun });
}

test.each(Object.entries(PLACES))(
  "a value in %s is in no diff, plan, view or message",
  async (_place, secret) => {
    const fleet = await appFleet();
    const { repo } = fleet;
    await edit(fleet, secret("hunter3"));
    await confirmUpdates(repo, [{ cluster: "dev", plans: [], drop: [], edited: new Map() }], fleet.options());
    const { text } = await readClusterLayer(repo, TARGET, fleet.options());
    expect(text).toContain("hunter3");
    const content = text.replaceAll("hunter3", "0verride");
    const overridden = await overrideCluster(repo, { ...TARGET, content }, fleet.options());
    const edited = await edit(fleet, secret("s3cret"));
    const plan = await fleet.plan();
    const shown = [
      overridden.diff,
      edited.diff,
      JSON.stringify(plan),
      await diffVersions(
        repo,
        { from: { ...POINT, revision: 2 }, to: { ...POINT, revision: 3 } },
        fleet.options(),
      ),
      JSON.stringify(await showCluster(repo, { cluster: "dev" }, fleet.options())),
      await git(fleet.dir, "log", "--format=%B"),
    ];
    expect(shown.join("\n")).toContain("***");
    expect(shown.join("\n")).not.toMatch(/hunter[23]|s3cret|0verride/);
  },
);

test("a custom resource is shown as it is written, also one that is called Secret", async () => {
  const fleet = await appFleet();
  const custom = (password: string) =>
    `apiVersion: example.com/v1\nkind: Secret\nmetadata: { name: key, namespace: app }\nstringData: { password: ${password} }\n`;
  await edit(fleet, custom("hunter3"));
  const { diff } = await edit(fleet, custom("s3cret"));
  expect(diff).toMatch(/^-.*hunter3/m);
  expect(diff).toMatch(/^\+.*s3cret/m);
});

test("what was hidden in an annotation of a plan's text is kept when the text is edited", async () => {
  const fleet = await appFleet();
  const secret = PLACES["what kubectl keeps of a Secret"];
  await edit(fleet, secret?.("s3cret") ?? "");
  const plan = await fleet.plan();
  const pending = plan.layers.find(({ name }) => name === "extra")?.pending ?? "";
  expect(pending).not.toContain("s3cret");
  const edited = new Map([
    ["extra", pending.replace("namespace: app", "namespace: app\n  labels: { a: b }")],
  ]);
  const decision = { cluster: "dev", plans: [plan.plan], drop: [], edited };
  await confirmUpdates(fleet.repo, [decision], fleet.options());
  const { text } = await readClusterLayer(fleet.repo, TARGET, fleet.options());
  expect(text).toContain("s3cret");
  expect(text).toContain("a: b");
});

test.each([
  ["an alias that is none", "*hunter2"],
  ["a tag that is none", "!hunter2!x y"],
  ["a tag with signs in it", "!hunter2{x y"],
  ["a number that would be rounded", "90071992547409930"],
  ["a word that is no number", "!!int hunter2"],
  ["a list that does not end", "[hunter2"],
  ["half a quote", '"hunter2'],
])("an error of YAML quotes nothing: %s", async (_what, password) => {
  const fleet = await appFleet();
  const text = `apiVersion: v1\nkind: Secret\nmetadata: { name: key, namespace: app }\nstringData:\n  password: ${password}\n`;
  await commitFiles(fleet.dir, { [FILE]: text });
  const problems = await checkRepository(fleet.repo, { requireLock: false }, fleet.options());
  expect(problems).toMatchObject([
    { code: expect.stringMatching(/^yaml-/), file: FILE, line: expect.any(Number) },
  ]);
  expect(JSON.stringify(problems)).not.toMatch(/hunter2|900719/);
});
