import { expect, test } from "vitest";
import {
  attachProfile,
  createVersion,
  removeOverrides,
  rollbackCluster,
  useVersion,
} from "../../engine/actions/index.ts";
import { commitFiles, git } from "../support/temp-git.ts";
import { type AppFleet, appFleet, DEPLOYMENT, OVERRIDE } from "./app-fleet.ts";
import { codeOf } from "../repo/fixture.ts";
import { pass } from "./pass.ts";

const CLUSTER = "clusters/dev/cluster.yaml";
const WEB = "Deployment.apps app/web";
const SECRET = `apiVersion: v1
kind: Secret
metadata: { name: key, namespace: app }
stringData: { password: swordfish }
`;

const rollback = (fleet: AppFleet, to?: string) =>
  rollbackCluster(fleet.repo, { cluster: "dev", to }, fleet.options());

async function directory(fleet: AppFleet): Promise<string> {
  return git(fleet.dir, "rev-parse", "HEAD:clusters/dev");
}

test("a rollback says which overrides go, change and come back, and twice returns", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("replicas: 2", "replicas: 1").replace("web:1", "web:a"));
  const before = await directory(fleet);
  const text = DEPLOYMENT.replace("replicas: 2", "replicas: 5").replace("proxy:1", "proxy:mine");
  await commitFiles(fleet.dir, { "clusters/dev/overrides/app/extra.yaml": SECRET });
  await fleet.override(() => text);
  await pass(fleet);
  const after = await directory(fleet);

  const target = await git(fleet.dir, "log", "-1", "--format=%H", `--grep=Override`, "--skip=1");
  const { notes } = await rollback(fleet, target);
  const lines = [
    "dev: app@1.0.0 revision 1, as before",
    `  override goes: Secret app/key stringData.password = "***"`,
    `  override goes: ${WEB} spec.template.spec.containers[name=proxy].image = "proxy:mine"`,
    `  override changes: ${WEB} spec.replicas = 5 → 1`,
    `  override comes back: ${WEB} spec.template.spec.containers[name=web].image = "web:a"`,
  ];
  expect(notes).toEqual([...lines, `as at commit ${target.slice(0, 12)}`]);
  expect(await git(fleet.dir, "log", "-1", "--format=%b")).toContain(
    `${lines.join("\n")}\n\nStrata-Cluster: dev`,
  );
  expect(await git(fleet.dir, "log", "-1", "--format=%B")).not.toContain("swordfish");
  expect(await directory(fleet)).toBe(before);
  const returned = await rollback(fleet);
  expect(returned.notes).toContain(`  override changes: ${WEB} spec.replicas = 1 → 5`);
  expect(await directory(fleet)).toBe(after);
  await rollback(fleet);
  expect(await directory(fleet)).toBe(before);
});

test("what goes is said first, also of a profile", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("replicas: 2", "replicas: 1"));
  const path = { cluster: "dev", profile: "app", layer: "web", paths: ["spec.replicas"] };
  await removeOverrides(fleet.repo, path, fleet.options());
  const hello = { cluster: "dev", profile: "hello-universe", version: "1.0.0" };
  await attachProfile(fleet.repo, hello, fleet.options());
  const { notes } = await rollback(fleet, "HEAD~2");
  expect(notes.slice(0, 4)).toEqual([
    "dev: hello-universe@1.0.0 revision 1",
    "  the profile goes, and what it runs leaves the cluster",
    "dev: app@1.0.0 revision 1, as before",
    `  override comes back: ${WEB} spec.replicas = 1`,
  ]);
  expect((await rollback(fleet)).notes).toContain("  the profile comes back");
});

test("the commit of a plain push stands for what was locked of it, without a merge", async () => {
  const fleet = await appFleet();
  await createVersion(fleet.repo, { profile: "app", version: "1.1.0" }, fleet.options());
  const next = (await fleet.file(CLUSTER)).replace("1.0.0", "1.1.0");
  const pushed = await commitFiles(fleet.dir, { [CLUSTER]: next }, "Run 1.1.0");
  await pass(fleet);
  const ran = await directory(fleet);
  // What it ran later of the same version is another state
  await commitFiles(fleet.dir, { "profiles/app/web/deployment.yaml": DEPLOYMENT.replace("2 #", "4 #") });
  await pass(fleet);
  const use = { cluster: "dev", profile: "app", latest: true };
  for (const version of ["1.1.0", "1.0.0"])
    await useVersion(fleet.repo, { ...use, version }, fleet.options());
  await rollback(fleet, pushed);
  expect(await directory(fleet)).toBe(ran);
  expect(await codeOf(rollback(fleet, "0123456"))).toBe("commit-unknown");
});

test("a way back to what cannot run is warned of", async () => {
  const fleet = await appFleet();
  await fleet.override((text) => text.replace("proxy:1", "proxy:mine"));
  await createVersion(fleet.repo, { profile: "app", version: "1.1.0" }, fleet.options());
  await commitFiles(fleet.dir, {
    "profiles/app/web/deployment.yaml": DEPLOYMENT.replace(/ {8}- name: proxy\n.*\n/, ""),
    [CLUSTER]: (await fleet.file(CLUSTER)).replace("1.0.0", "1.1.0"),
  });
  await pass(fleet);
  const back = await rollback(fleet);
  expect(back).toMatchObject({ subject: "Roll back dev to app@1.0.0 revision 1", warnings: [] });
  const again = await rollback(fleet);
  expect(again.warnings).toMatchObject([{ code: "override-orphaned", severity: "warning", file: OVERRIDE }]);
});
