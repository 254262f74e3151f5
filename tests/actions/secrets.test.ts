import { expect, test } from "vitest";
import { confirmUpdates, editLayer, overrideCluster, readClusterLayer } from "../../engine/actions/index.ts";
import { diffVersions } from "../../engine/fleet/index.ts";
import { git, commitFiles } from "../support/temp-git.ts";
import { codeOf } from "../repo/fixture.ts";
import { type AppFleet, appFleet } from "./app-fleet.ts";

const FILE = "profiles/app/extra/secret.yaml";
const TARGET = { cluster: "dev", profile: "app", layer: "extra" };

function editSecret(fleet: AppFleet, content: string, dryRun = false) {
  const args = { profile: "app", version: "1.0.0", layer: "extra", content };
  return editLayer(fleet.repo, args, { ...fleet.options(), dryRun });
}

test("no diff shows the value of a Secret, and it shows that one differs", async () => {
  const fleet = await appFleet();
  const before = await fleet.file(FILE);
  const { text } = await readClusterLayer(fleet.repo, TARGET, fleet.options());
  const content = text.replace("hunter2", "s3cret");
  const dryRun = { ...fleet.options(), dryRun: true };
  const overridden = await overrideCluster(fleet.repo, { ...TARGET, content }, dryRun);
  const edited = await editSecret(fleet, before.replace("hunter2", "s3cret"));
  const points = { profile: "app", version: "1.0.0" };
  const revisions = await diffVersions(
    fleet.repo,
    { from: { ...points, revision: 1 }, to: { ...points, revision: 2 } },
    fleet.options(),
  );
  for (const diff of [overridden.diff, edited.diff, revisions]) {
    expect(diff).toContain('password: "***');
    expect(diff).not.toMatch(/hunter2|s3cret/);
  }
  expect(revisions).toMatch(/^\+.*\*\*\* \(changed\)/m);
});

test("what cannot be read is not shown either", async () => {
  const fleet = await appFleet();
  await commitFiles(fleet.dir, { [FILE]: "kind: Secret\nstringData: { password: hunter2\n" });
  const { diff } = await editSecret(
    fleet,
    "apiVersion: v1\nkind: Secret\nmetadata: { name: key, namespace: app }\n",
  );
  expect(diff).toContain("may hold values of Secrets");
  expect(diff).not.toContain("hunter2");
});

test("an edit of a plan's text keeps the values that were hidden in it", async () => {
  const fleet = await appFleet();
  const before = await fleet.file(FILE);
  await editSecret(fleet, before.replace("password: hunter2", "password: s3cret, user: me"));
  const plan = await fleet.plan();
  const pending = plan.layers.find(({ name }) => name === "extra")?.pending ?? "";
  expect(pending).not.toContain("s3cret");
  const confirm = (text: string) =>
    confirmUpdates(
      fleet.repo,
      [{ cluster: "dev", plans: [plan.plan], drop: [], edited: new Map([["extra", text]]) }],
      fleet.options(),
    );
  const invented = pending.replace("user:", "other:");
  expect(await codeOf(confirm(invented))).toBe("edit-invalid");
  await confirm(pending.replace("namespace: app", "namespace: app, labels: { a: b }"));
  const override = await git(fleet.dir, "show", "HEAD:clusters/dev/overrides/app/extra.yaml");
  expect(override).toContain("a: b");
  expect(override).not.toMatch(/\*|password/);
  const shown = await readClusterLayer(fleet.repo, TARGET, fleet.options());
  expect(shown.text).toContain("s3cret");
});

test.each(["", "\n \n", "# nothing\n"])("a text that is empty (%j) removes nothing", async (content) => {
  const fleet = await appFleet();
  await editSecret(fleet, (await fleet.file(FILE)).replace("hunter2", "s3cret"));
  const { plan } = await fleet.plan();
  const edited = new Map([["extra", content]]);
  const confirmation = { cluster: "dev", plans: [plan], drop: [], edited };
  expect(await codeOf(confirmUpdates(fleet.repo, [confirmation], fleet.options()))).toBe("edit-empty");
  expect(await codeOf(overrideCluster(fleet.repo, { ...TARGET, content }, fleet.options()))).toBe(
    "edit-empty",
  );
});
