import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCluster, createVersion, lockClusters, useVersion } from "../../engine/repo/actions/index.ts";
import { commitFiles, git, signal, tempBare, tempDir, writeFiles } from "../support/temp-git.ts";
import { freshRepository, LAYER, PROFILE, V1 } from "../repo/fixture.ts";
import { startEngine } from "./fleet.ts";

const SANDBOX = { connection: { sandbox: true }, profiles: [V1], tags: [] } as const;
const options = () => ({ signal: signal() });

/** A repository with sandboxes, and an engine that runs them. */
async function runningFleet(...clusters: string[]) {
  const { dir, repo } = await freshRepository();
  for (const name of clusters) await createCluster(repo, { name, ...SANDBOX }, options());
  const running = await startEngine(dir);
  await running.engine.sync(undefined, signal());
  const edit = async (cluster: string, from: string, to: string) => {
    const file = join(dir, `clusters/${cluster}/cluster.yaml`);
    await writeFile(file, (await readFile(file, "utf8")).replace(from, to));
  };
  return { dir, repo, edit, ...running };
}

test("a commit that changes nothing for a cluster costs it no request, and a second look none", async () => {
  const { dir, engine, requests } = await runningFleet("one", "two");
  const before = requests();
  await commitFiles(dir, { "NOTES.md": "unrelated\n" });
  const views = await engine.sync(undefined, signal());
  expect(views.map((view) => view.health)).toEqual(["healthy", "healthy"]);
  await engine.sync(undefined, signal());
  expect(requests()).toBe(before);
});

test("a version edited by hand is locked by the engine in one commit for all clusters, and a second pass writes nothing", async () => {
  const { dir, repo, engine, edit } = await runningFleet("one", "two");
  await createVersion(repo, { profile: "hello-universe", version: "1.1.0" }, options());
  await edit("one", "version: 1.0.0", "version: 1.1.0");
  await edit("two", "version: 1.0.0", "version: 1.1.0");
  await git(dir, "commit", "-q", "-a", "-m", "Run 1.1.0");
  const views = await engine.sync(undefined, signal());
  expect(views.map((view) => [view.health, view.profiles[0]?.version, view.profiles[0]?.revision])).toEqual([
    ["healthy", "1.1.0", 1],
    ["healthy", "1.1.0", 1],
  ]);
  expect(await git(dir, "log", "-2", "--format=%an: %s")).toBe(
    "Strata: Lock 2 clusters\nAda Example: Run 1.1.0",
  );
  const tip = await git(dir, "rev-parse", "main");
  await engine.sync(undefined, signal());
  expect(await git(dir, "rev-parse", "main")).toBe(tip);
  expect(await git(dir, "status", "--porcelain")).toBe("");
});

test("going back by hand runs what ran there before, and what is newer is an update", async () => {
  const { dir, repo, engine, edit } = await runningFleet("one");
  const text = await git(dir, "show", `HEAD:${LAYER}`);
  await createVersion(repo, { profile: "hello-universe", version: "1.1.0" }, options());
  await useVersion(repo, { cluster: "one", profile: "hello-universe", version: "1.1.0" }, options());
  await git(dir, "checkout", "-q", "-b", "versions/hello-universe/1.0.0", "profiles/hello-universe/1.0.0");
  await commitFiles(dir, { [LAYER]: `${text.replace("replicas: 2", "replicas: 3")}\n` }, "Three");
  await git(dir, "checkout", "-q", "main");
  await engine.sync(undefined, signal());
  await edit("one", "version: 1.1.0", "version: 1.0.0");
  await git(dir, "commit", "-q", "-a", "-m", "Back to 1.0.0");
  const [view] = await engine.sync(undefined, signal());
  expect(view?.profiles).toMatchObject([{ version: "1.0.0", revision: 1, updatesAvailable: true }]);
});

test("one commit that makes a version and chooses it is released, locked and applied", async () => {
  const { dir, engine, edit } = await runningFleet("one");
  const profile = await git(dir, "show", `HEAD:${PROFILE}`);
  await writeFiles(dir, { [PROFILE]: `${profile.replace("1.0.0", "2.0.0")}\n` });
  await edit("one", "version: 1.0.0", "version: 2.0.0");
  await git(dir, "commit", "-q", "-a", "-m", "Make 2.0.0 and run it");
  const [view] = await engine.sync(undefined, signal());
  expect(view).toMatchObject({ health: "healthy", profiles: [{ version: "2.0.0", revision: 1 }] });
});

test("a push to a bare repository is seen without asking", async () => {
  const { dir } = await runningFleet("one");
  const bare = await tempBare();
  await git(dir, "push", "-q", bare, "main", "--tags");
  const { engine } = await startEngine(bare);
  await engine.sync(undefined, signal());
  const seen = new Promise<void>((resolve) => {
    engine.events.subscribe(undefined, (event) => {
      if (event.type === "commit") resolve();
    });
  });
  const clone = join(await tempDir(), "clone");
  await git(bare, "clone", "-q", bare, clone);
  const text = await git(clone, "show", `HEAD:${LAYER}`);
  await commitFiles(clone, { [LAYER]: `${text.replace("replicas: 2", "replicas: 4")}\n` }, "Four");
  await git(clone, "push", "-q", "origin", "main");
  await seen;
  expect(engine.cluster("one")?.profiles).toMatchObject([{ revision: 1, updatesAvailable: true }]);
});

test("locked content that nothing holds leaves the cluster as it is, until it is locked anew", async () => {
  const { dir, repo, engine } = await runningFleet("one");
  const lock = `profiles:\n  hello-universe: { version: 1.0.0, revision: 1, tree: ${"ab".repeat(20)} }\n`;
  await commitFiles(dir, { "clusters/one/strata.lock": lock }, "A merge blended this");
  const [blocked] = await engine.sync(undefined, signal());
  expect(blocked).toMatchObject({
    health: "degraded",
    blockedBy: [{ code: "lock-content-unknown", hint: expect.stringContaining("strata lock") }],
  });
  expect(engine.workloads("one").map((object) => object.health)).toEqual(["healthy", "healthy", "healthy"]);
  await lockClusters(repo, options());
  const [healed] = await engine.sync(undefined, signal());
  expect(healed).toMatchObject({ health: "healthy", blockedBy: [] });
});

test("a broken manifest stops the cluster that takes it, says where, and no other", async () => {
  const { dir, repo, engine } = await runningFleet("one", "two");
  const text = await git(dir, "show", `HEAD:${LAYER}`);
  await commitFiles(dir, { [LAYER]: `${text}\n---\nkind: Nothing\n` }, "Break it");
  await engine.sync(undefined, signal());
  await useVersion(repo, { cluster: "one", ...V1, latest: true }, options());
  const [one, two] = await engine.sync(undefined, signal());
  expect(one).toMatchObject({
    health: "degraded",
    blockedBy: [{ code: "manifest-invalid", file: LAYER, line: 42 }, { line: 42 }],
  });
  expect(two).toMatchObject({ health: "healthy", blockedBy: [] });
  await useVersion(repo, { cluster: "one", ...V1, revision: 1 }, options());
  const [healed] = await engine.sync(["one"], signal());
  expect(healed).toMatchObject({ health: "healthy", blockedBy: [] });
});

test("a lock that cannot be written is said, and nothing is applied for it", async () => {
  const { dir, repo, engine, edit } = await runningFleet("one");
  await createVersion(repo, { profile: "hello-universe", version: "1.1.0" }, options());
  await edit("one", "version: 1.0.0", "version: 1.1.0");
  const lock = join(dir, "clusters/one/strata.lock");
  const before = await readFile(lock, "utf8");
  await writeFile(lock, `# mine\n${before}`);
  await git(dir, "commit", "-q", "-m", "Run 1.1.0", "clusters/one/cluster.yaml");
  const [view] = await engine.sync(undefined, signal());
  expect(view?.blockedBy).toMatchObject([{ code: "lock-missing" }]);
  expect(engine.ready().problems).toMatchObject([{ code: "dirty-files", file: "clusters/one/strata.lock" }]);
  await writeFile(lock, before);
  const [healed] = await engine.sync(undefined, signal());
  expect(healed).toMatchObject({ health: "healthy", profiles: [{ version: "1.1.0" }] });
});

test("a diff shows what would be put back, and nothing where nothing differs", async () => {
  const { engine, apis } = await runningFleet("one");
  expect((await engine.diff("one", signal())).objects).toEqual([]);
  const [api] = apis;
  const found = await api?.discovery.resolve({ group: "apps", kind: "Deployment" }, signal());
  if (api === undefined || found?.state !== "served") throw new Error("no Deployments");
  const ref = { namespace: "hello-universe", name: "hello-universe-deployment" };
  await api.jsonPatch(found.type, ref, [{ op: "replace", path: "/spec/replicas", value: 7 }], signal());
  const { objects } = await engine.diff("one", signal());
  expect(objects.map(({ object, change }) => [object, change])).toEqual([
    ["Deployment.apps hello-universe/hello-universe-deployment", "update"],
  ]);
  expect(objects[0]?.diff.split("\n").filter((line) => /^[+-] /.test(line))).toEqual([
    "-  replicas: 7",
    "+  replicas: 2",
  ]);
});

test("a version's tag that vanished stops nobody, and is said", async () => {
  const { dir, engine } = await runningFleet("one");
  await git(dir, "tag", "-d", "profiles/hello-universe/1.0.0");
  const [view] = await engine.sync(undefined, signal());
  expect(view?.health).toBe("healthy");
  expect(engine.ready().problems).toMatchObject([{ code: "version-tag-missing" }]);
});
