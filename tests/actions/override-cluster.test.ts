import { expect, test } from "vitest";
import { detachProfile, readClusterLayer, removeOverrides, useVersion } from "../../engine/actions/index.ts";
import { checkRepository, showCluster } from "../../engine/fleet/index.ts";
import { commitFiles, git } from "../support/temp-git.ts";
import { codeOf } from "../repo/fixture.ts";
import { appFleet, DEPLOYMENT, OVERRIDE } from "./app-fleet.ts";

const PATCH = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: app
spec:
  replicas: 1
`;

test("a one-field change is a patch of one field, and the lock names what it was merged with", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("replicas: 2", "replicas: 1"));
  expect(await fleet.file(OVERRIDE)).toBe(PATCH);
  const { entry } = await fleet.state();
  expect(entry.lock.profiles.app?.merged).toBe(entry.lock.profiles.app?.tree);
  const target = { cluster: "dev", profile: "app", layer: "web", file: "deployment.yaml" };
  const shown = await readClusterLayer(fleet.repo, target, fleet.options());
  const text = DEPLOYMENT.replace("replicas: 2", "replicas: 1");
  expect(shown).toEqual({ text, overriddenLines: [8], removed: [] });
});

test("a layer of several files is one text, and each document goes back to its file", async () => {
  const fleet = await appFleet();
  await fleet.override(
    (text) => text.replace("web:1", "web:2").replace("port: 53, protocol: UDP", "port: 54, protocol: UDP"),
    null,
  );
  const view = await showCluster(fleet.repo, { cluster: "dev" }, fleet.options());
  expect(view.overrides.map(({ object, path }) => `${object} ${path}`)).toEqual([
    "Deployment.apps app/web spec.template.spec.containers[name=web].image",
    "Service app/web spec.ports.$setElementOrder",
    "Service app/web spec.ports[port=54,protocol=UDP]",
    "Service app/web spec.ports[port=53,protocol=UDP]",
  ]);
});

test("the user's comments in an override file stay through three edits", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("replicas: 2", "replicas: 1"));
  const commented = PATCH.replace("spec:", "# a small cluster\nspec:").replace("1\n", "1 # one is enough\n");
  await commitFiles(fleet.dir, { [OVERRIDE]: commented });
  await fleet.override((text) => text.replace("web:1", "web:2"));
  await fleet.override((text) => text.replace("proxy:1", "proxy:2"));
  await fleet.override((text) => text.replace('value: "2"', 'value: "3"'));
  const text = await fleet.file(OVERRIDE);
  expect(text.startsWith(commented)).toBe(true);
  expect(text).toMatch(/image: web:2[^]*image: proxy:2/);
  // Back to the profile's values, one by one, until nothing is left.
  for (const path of ["spec.replicas", "Deployment.apps app/web"]) {
    const target = { cluster: "dev", profile: "app", layer: "web", paths: [path] };
    await removeOverrides(fleet.repo, target, fleet.options());
  }
  expect((await fleet.state()).entry.overrides.size).toBe(0);
  expect((await fleet.state()).entry.lock.profiles.app).not.toHaveProperty("merged");
  expect(await git(fleet.dir, "status", "--porcelain")).toBe("");
});

test.each([
  ["comments alone", (text: string) => text.replace("# enough", "# plenty"), "edit-of-comments"],
  ["nothing", (text: string) => text, "edit-unchanged"],
  ["what is no YAML", () => "a: [", "edit-invalid"],
  ["what kubectl refuses", (text: string) => text.replace("kind: Deployment\n", ""), "edit-invalid"],
  ["an object twice", (text: string) => `${text}---\n${text}`, "object-duplicate"],
])("an edit of %s is refused and changes nothing", async (_what, edit, code) => {
  const fleet = await appFleet();
  const before = await git(fleet.dir, "rev-parse", "HEAD");
  expect(await codeOf(fleet.override(edit))).toBe(code);
  expect(await git(fleet.dir, "rev-parse", "HEAD")).toBe(before);
});

test.each([
  [{ layer: "none" }, "layer-unknown"],
  [{ file: "none.yaml" }, "file-unknown"],
  [{ profile: "hello-universe" }, "profile-not-attached"],
  [{ cluster: "none" }, "cluster-unknown"],
])("a place that is not there is named: %j", async (wrong, code) => {
  const fleet = await appFleet();
  const target = { cluster: "dev", profile: "app", layer: "web", ...wrong };
  expect(await codeOf(readClusterLayer(fleet.repo, target, fleet.options()))).toBe(code);
});

test("a path that several objects override must be said in full", async () => {
  const fleet = await appFleet();
  await fleet.override(
    (text) => text.replaceAll(/namespace: app\b/g, "$&, labels: { a: b }"),
    "service.yaml",
  );
  await fleet.override((text) =>
    text.replace("  namespace: app\n", "  namespace: app\n  labels: { a: b }\n"),
  );
  const remove = (path: string) =>
    removeOverrides(
      fleet.repo,
      { cluster: "dev", profile: "app", layer: "web", paths: [path] },
      fleet.options(),
    );
  expect(await codeOf(remove("metadata.labels.a"))).toBe("path-ambiguous");
  expect(await codeOf(remove("spec.paused"))).toBe("path-unknown");
  await remove("Service app/web metadata.labels.a");
  const view = await showCluster(fleet.repo, { cluster: "dev" }, fleet.options());
  expect(view.overrides).toMatchObject([{ object: "Deployment.apps app/web", path: "metadata.labels.a" }]);
});

test("values of Secrets are in no view", async () => {
  const fleet = await appFleet();
  const secret = `apiVersion: v1\nkind: Secret\nmetadata: { name: key, namespace: app }\nstringData: { password: swordfish }\n`;
  await commitFiles(fleet.dir, { "clusters/dev/overrides/app/extra.yaml": secret });
  const view = await showCluster(fleet.repo, { cluster: "dev" }, fleet.options());
  expect(view.overrides).toMatchObject([{ path: "stringData.password", value: "***", profileValue: "***" }]);
  expect(JSON.stringify(view)).not.toMatch(/swordfish|hunter2/);
});

test("detaching a profile takes its overrides along; those of a profile that is not attached are an error", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("replicas: 2", "replicas: 1"));
  await detachProfile(fleet.repo, { cluster: "dev", profile: "app" }, fleet.options());
  expect((await fleet.state()).entry.overrides.size).toBe(0);
  await commitFiles(fleet.dir, { [OVERRIDE]: PATCH, "clusters/dev/overrides/stray.yaml": PATCH });
  const problems = await checkRepository(fleet.repo, { requireLock: false }, fleet.options());
  expect(problems).toMatchObject([
    { code: "override-misplaced", file: "clusters/dev/overrides/stray.yaml" },
    { code: "override-unattached", file: "clusters/dev/overrides/app" },
  ]);
});

test("what is wrong in an override file is told with its place", async () => {
  const fleet = await appFleet();
  await commitFiles(fleet.dir, {
    [OVERRIDE]: PATCH.replace("  name: web\n", ""),
    "clusters/dev/overrides/app/extra.yaml":
      "apiVersion: v1\nkind: Secret\nmetadata: { name: gone }\ndata: {}\n",
  });
  const problems = await checkRepository(fleet.repo, { requireLock: false }, fleet.options());
  expect(problems).toMatchObject([
    { code: "override-invalid", file: OVERRIDE, line: 3, message: "metadata.name is missing" },
    { code: "override-orphaned", object: "Secret gone data" },
  ]);
});

test.each(["<<<<<<< mine\nspec: {}\n", "apiVersion: apps/v1\nspec: {"])(
  "an override file that cannot be read (%j) is never written over or left out",
  async (text) => {
    const fleet = await appFleet();
    await fleet.override((shown) => shown.replace("replicas: 2", "replicas: 1"));
    await commitFiles(fleet.dir, { [OVERRIDE]: text });
    const target = { cluster: "dev", profile: "app", layer: "web", file: "deployment.yaml" };
    const choice = { cluster: "dev", profile: "app", version: "1.0.0", latest: true };
    const tries = [
      () => readClusterLayer(fleet.repo, target, fleet.options()),
      () => fleet.override((shown) => shown.replace("web:1", "web:2")),
      () => removeOverrides(fleet.repo, { ...target, paths: ["spec.replicas"] }, fleet.options()),
      () => useVersion(fleet.repo, choice, fleet.options()),
    ];
    for (const attempt of tries) expect(await codeOf(attempt())).toBe("plan-invalid");
    expect(await fleet.file(OVERRIDE)).toBe(text);
  },
);
