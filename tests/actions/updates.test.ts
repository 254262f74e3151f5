import { expect, test } from "vitest";
import {
  confirmUpdates,
  createVersion,
  lockClusters,
  lockWorkTree,
  readPendingTexts,
  rollbackCluster,
  useVersion,
} from "../../engine/actions/index.ts";
import { completeLocks } from "../../engine/fleet/complete-locks.ts";
import { checkRepository, listUpdates, planUpdates, showCluster } from "../../engine/fleet/index.ts";
import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import { EngineError } from "../../engine/model/errors.ts";
import { release } from "../../engine/repo/release.ts";
import { commitFiles, git, writeFiles } from "../support/temp-git.ts";
import { codeOf } from "../repo/fixture.ts";
import { type AppFleet, appFleet, DEPLOYMENT, OVERRIDE } from "./app-fleet.ts";

const one = (text: string) => text.replace("replicas: 2", "replicas: 1");
const three = (text: string) => text.replace("replicas: 2", "replicas: 3");
const ALL = { cluster: "dev", plans: [], drop: [], edited: new Map<string, string>() };

function confirm(fleet: AppFleet, decisions: Partial<Parameters<typeof confirmUpdates>[1][number]> = {}) {
  return confirmUpdates(fleet.repo, [{ ...ALL, ...decisions }], fleet.options());
}

/** What an engine's pass writes into the locks. */
async function pass(fleet: AppFleet) {
  const { state } = await fleet.state();
  const renderer = createRenderer(fleet.repo.reader);
  return completeLocks({ reader: fleet.repo.reader, renderer, state }, { relocks: false });
}

test("comments alone are no update; a revert clears one", async () => {
  const fleet = await appFleet();
  await fleet.editProfile((text) => text.replace("enough", "plenty"));
  expect(await listUpdates(fleet.repo, {}, fleet.options())).toEqual([]);
  const view = await showCluster(fleet.repo, { cluster: "dev" }, fleet.options());
  expect(view.profiles).toMatchObject([{ revision: 1, newer: 2, updatesAvailable: false }]);
  await fleet.editProfile(three);
  expect(await listUpdates(fleet.repo, {}, fleet.options())).toMatchObject([
    { cluster: "dev", from: 1, to: 3, changes: 1 },
  ]);
  await fleet.editProfile((text) => text.replace("replicas: 3", "replicas: 2"));
  expect(await listUpdates(fleet.repo, {}, fleet.options())).toEqual([]);
});

test("an update keeps the override, and confirming it leaves none pending", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("web:1", "web:mine"));
  await fleet.editProfile((text) => three(text).replace("proxy:1", "proxy:2"));
  const plan = await fleet.plan();
  expect(plan.layers[0]?.overrides).toMatchObject([{ state: "kept", value: "web:mine" }]);
  expect(plan.layers[0]?.changes.map(({ path }) => path)).toEqual([
    "spec.replicas",
    "spec.template.spec.containers[name=proxy].image",
  ]);
  expect(plan.effects).toEqual([
    { layer: "web", object: "Deployment.apps app/web", effect: "changed", why: "" },
  ]);
  const result = await confirm(fleet, { plans: [plan.plan] });
  expect(result.notes).toEqual([expect.stringContaining("override kept: ")]);
  expect(await planUpdates(fleet.repo, { cluster: "dev" }, fleet.options())).toEqual([]);
  const { entry } = await fleet.state();
  expect(entry.lock.profiles.app).toMatchObject({ revision: 2, merged: entry.lock.profiles.app?.tree });
  expect(await git(fleet.dir, "log", "-1", "--format=%(trailers:key=Strata-Plan,valueonly)")).toBe(plan.plan);
});

test("a conflict is decided by taking the profile's value, or by editing the right side", async () => {
  const fleet = await appFleet();
  await fleet.override(one);
  await fleet.editProfile(three);
  const before = await git(fleet.dir, "rev-parse", "HEAD");
  await confirm(fleet, { drop: ["spec.replicas"] });
  expect((await fleet.state()).entry.overrides.size).toBe(0);
  await git(fleet.dir, "reset", "-q", "--hard", before);
  const { plan } = await fleet.plan();
  const texts = await readPendingTexts(fleet.repo, { cluster: "dev", plan }, fleet.options());
  const edited = texts.get("web")?.replace("replicas: 1", "replicas: 5").replace("web:1", "web:2") ?? "";
  await confirm(fleet, { edited: new Map([["web", edited]]) });
  expect(await fleet.file(OVERRIDE)).toMatch(/replicas: 5\n[^]*image: web:2\n/);
  expect(await planUpdates(fleet.repo, { cluster: "dev" }, fleet.options())).toEqual([]);
});

test("an override that the profile caught up with is redundant, and can go", async () => {
  const fleet = await appFleet();
  await fleet.override(three);
  await fleet.editProfile(three);
  expect((await fleet.plan()).layers[0]?.overrides).toMatchObject([{ state: "redundant", value: 3 }]);
  await confirm(fleet, { drop: ["spec.replicas"] });
  expect((await fleet.state()).entry.overrides.size).toBe(0);
});

test("an orphan must be decided, by whichever way the update comes", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => one(text).replace("proxy:1", "proxy:mine"));
  const text = await fleet.file(OVERRIDE);
  await fleet.editProfile((profile) => profile.replace(/ {8}- name: proxy\n.*\n/, ""));
  const orphan = "Deployment.apps app/web spec.template.spec.containers[name=proxy].image";
  expect((await fleet.plan()).layers[0]?.overrides.map(({ state }) => state)).toEqual(["kept", "orphaned"]);
  expect(await codeOf(confirm(fleet))).toBe("override-orphaned");
  const latest = { cluster: "dev", profile: "app", version: "1.0.0", latest: true };
  expect(await codeOf(useVersion(fleet.repo, latest, fleet.options()))).toBe("override-orphaned");
  expect(await fleet.file(OVERRIDE)).toBe(text);

  // A plain push of a version is the approval, but nothing runs while an override has no place.
  await createVersion(fleet.repo, { profile: "app", version: "1.1.0" }, fleet.options());
  const file = "clusters/dev/cluster.yaml";
  await commitFiles(fleet.dir, { [file]: (await fleet.file(file)).replace("1.0.0", "1.1.0") });
  const { edits, problems } = await pass(fleet);
  expect(problems).toMatchObject([{ code: "override-orphaned", object: orphan, file: OVERRIDE }]);
  const lock = edits.get("clusters/dev/strata.lock") ?? "";
  expect(lock).toContain("version: 1.1.0");
  await commitFiles(fleet.dir, { "clusters/dev/strata.lock": lock });
  const { entry } = await fleet.state();
  expect(entry.lock.profiles.app?.merged).not.toBe(entry.lock.profiles.app?.tree);
  expect(await checkRepository(fleet.repo, { requireLock: true }, fleet.options())).toMatchObject([
    { code: "override-orphaned", severity: "error" },
  ]);
  expect((await pass(fleet)).edits.size).toBe(0);

  // Dropped by hand in the file, the rest is merged and the lock says so.
  await commitFiles(fleet.dir, { [OVERRIDE]: text.replace(/ {2}template:[^]*/, "") });
  const after = (await pass(fleet)).edits.get("clusters/dev/strata.lock") ?? "";
  expect(after).toMatch(/tree: (\w+), merged: \1 /);
  await useVersion(fleet.repo, { cluster: "dev", profile: "app", version: "1.0.0" }, fleet.options());
});

test("use carries overrides over, says what becomes of each, and drops what it is told to", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => one(text).replace("proxy:1", "proxy:mine"));
  await createVersion(fleet.repo, { profile: "app", version: "1.1.0" }, fleet.options());
  const path = "profiles/app/web/deployment.yaml";
  const next = three(DEPLOYMENT).replace(/ {8}- name: proxy\n.*\n/, "");
  await commitFiles(fleet.dir, { [path]: next });
  const { release } = await import("../../engine/repo/release.ts");
  await release(fleet.repo, fleet.options());
  const use = { cluster: "dev", profile: "app", version: "1.1.0" };
  const error = await useVersion(fleet.repo, use, fleet.options()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ code: "override-orphaned", hint: expect.stringContaining("--drop '") });
  const orphan = "spec.template.spec.containers[name=proxy].image";
  const { notes } = await useVersion(fleet.repo, { ...use, drop: [orphan] }, fleet.options());
  const kept =
    "override kept over the profile's change: Deployment.apps app/web spec.replicas = 1 (profile: 2 → 3)";
  const dropped = `override dropped: Deployment.apps app/web ${orphan} was "proxy:mine", and its place is gone`;
  expect(notes).toEqual(["before: app@1.0.0 revision 1", kept, dropped]);
  expect(await git(fleet.dir, "log", "-1", "--format=%b")).toMatch(
    `dev: app@1.1.0 revision 2 (before: app@1.0.0 revision 1)\n  ${dropped}\n  ${kept}\n\nStrata-Cluster: dev`,
  );
  const { notes: back } = await rollbackCluster(fleet.repo, { cluster: "dev" }, fleet.options());
  expect(back[0]).toContain("app@1.1.0");
  expect(await fleet.file(OVERRIDE)).toContain("proxy:mine");
});

test("a lock edited by hand is merged with what the overrides were made over", async () => {
  const fleet = await appFleet();
  await fleet.override(one);
  const before = (await fleet.state()).entry.lock.profiles.app?.tree ?? "";
  await fleet.editProfile(three);
  const lock = "clusters/dev/strata.lock";
  const tree = await git(fleet.dir, "rev-parse", "profiles/app/1.0.0:profiles/app");
  await writeFiles(fleet.dir, {
    [lock]: (await fleet.file(lock)).replace(`tree: ${before}`, `tree: ${tree}`),
  });
  await lockWorkTree(fleet.repo, fleet.options());
  expect(await fleet.file(lock)).toContain(`tree: ${tree}, merged: ${tree}`);
  expect(await lockClusters(fleet.repo, fleet.options())).toMatchObject({ commit: null });
});

test("a plan that is no longer current is refused with what changed since", async () => {
  const fleet = await appFleet();
  await fleet.override(one);
  await fleet.editProfile(three);
  const { plan } = await fleet.plan();
  await fleet.editProfile((text) => text.replace("proxy:1", "proxy:2"));
  const refused = async () => {
    const error = await confirm(fleet, { plans: [plan] }).catch((thrown: unknown) => thrown);
    return error instanceof EngineError ? `${error.code}: ${error.message}` : "none";
  };
  expect(await refused()).toMatch(/^plan-outdated: .*is at revision 3, and was at revision 2; now it is/);
  await fleet.editProfile((text) => text.replace("proxy:2", "proxy:1"));
  expect((await fleet.plan()).plan).toBe(plan);
  await fleet.override((text) => text.replace("web:1", "web:2"));
  expect(await refused()).toMatch(/^plan-outdated: .*the cluster's overrides changed/);
  await fleet.editProfile((text) => text.replace("replicas: 3", "replicas: 2"));
  expect(await refused()).toMatch(/^plan-outdated: .*has no pending update/);
  expect(await codeOf(confirm(fleet))).toBe("update-none");
});

test("a revision that does not render cannot be confirmed, and says why", async () => {
  const fleet = await appFleet();
  // By plain Git: an edit by command would be refused.
  const broken = DEPLOYMENT.replace("kind: Deployment", "kind: 5");
  await commitFiles(fleet.dir, { "profiles/app/web/deployment.yaml": broken });
  await release(fleet.repo, fleet.options());
  const plan = await fleet.plan();
  expect(plan).toMatchObject({ problems: [{ code: "manifest-invalid" }], layers: [], effects: [] });
  expect(await codeOf(confirm(fleet))).toBe("plan-invalid");
});

test("many clusters are one commit", async () => {
  const fleet = await appFleet();
  const file = await fleet.file("clusters/dev/cluster.yaml");
  const lock = await fleet.file("clusters/dev/strata.lock");
  const more = ["a", "b", "c"].flatMap((name) => [
    [`clusters/${name}/cluster.yaml`, file.replace("name: dev", `name: ${name}`)],
    [`clusters/${name}/strata.lock`, lock],
  ]);
  await commitFiles(fleet.dir, Object.fromEntries(more) as Record<string, string>);
  await fleet.editProfile(three);
  const found = await listUpdates(fleet.repo, {}, fleet.options());
  expect(found.map(({ cluster }) => cluster)).toEqual(["a", "b", "c", "dev"]);
  const commits = () => git(fleet.dir, "rev-list", "--count", "main");
  const before = Number(await commits());
  const confirmations = found.map(({ cluster, plan }) => ({ ...ALL, cluster, plans: [plan] }));
  const result = await confirmUpdates(fleet.repo, confirmations, fleet.options());
  expect(result).toMatchObject({
    clusters: ["a", "b", "c", "dev"],
    subject: "Update 4 clusters to app@1.0.0 revision 2",
  });
  const moved = (name: string) => `${name}: app@1.0.0 revision 2 (before: app@1.0.0 revision 1)`;
  expect(await git(fleet.dir, "log", "-1", "--format=%b")).toContain(
    ["a", "b", "c", "dev"].map(moved).join("\n"),
  );
  expect(Number(await commits())).toBe(before + 1);
  expect(await listUpdates(fleet.repo, {}, fleet.options())).toEqual([]);
});

test("values of Secrets are in no plan, and that one changed can be seen", async () => {
  const fleet = await appFleet();
  const path = "profiles/app/extra/secret.yaml";
  await commitFiles(fleet.dir, { [path]: (await fleet.file(path)).replace("hunter2", "swordfish") });
  const { release } = await import("../../engine/repo/release.ts");
  await release(fleet.repo, fleet.options());
  const plan = await fleet.plan();
  expect(JSON.stringify(plan)).not.toMatch(/swordfish|hunter2/);
  expect(plan.layers[1]).toMatchObject({
    current: expect.stringContaining('password: "***"'),
    pending: expect.stringContaining("*** (changed)"),
    changes: [{ path: "stringData.password", before: "***", after: "***" }],
  });
});
