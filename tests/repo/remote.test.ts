import { join } from "node:path";
import { expect, test } from "vitest";
import { createCluster, editLayer, readLayer, tagCluster } from "../../engine/actions/index.ts";
import { release } from "../../engine/repo/release.ts";
import {
  commitFiles,
  git,
  openTestRepository,
  signal,
  tempBare,
  tempDir,
  writeFiles,
} from "../support/temp-git.ts";
import { serveGit } from "../support/git-http.ts";
import { codeOf, freshRepository, LAYER, V1 } from "./fixture.ts";

const CLUSTER = { name: "dev", connection: { context: "dev-1" }, profiles: [V1], tags: [] } as const;

async function cloned() {
  const { dir } = await freshRepository();
  const bare = await tempBare();
  await git(dir, "push", "-q", bare, "main", "--tags");
  const clone = join(await tempDir(), "clone");
  await git(bare, "clone", "-q", bare, clone);
  return { bare, clone, repo: await openTestRepository(clone) };
}

test("a command in a clone publishes at once, and the clone follows", async () => {
  const { bare, clone, repo } = await cloned();
  const result = await createCluster(repo, CLUSTER, { signal: signal() });
  expect(await git(bare, "rev-parse", "main")).toBe(result.commit);
  expect(await git(clone, "rev-parse", "HEAD")).toBe(result.commit);
  expect(await git(clone, "status", "--porcelain")).toBe("");
  const layer = { ...V1, layer: "hello-universe" };
  const { text } = await readLayer(repo, layer, { signal: signal() });
  await editLayer(
    repo,
    { ...layer, content: text.replace("replicas: 2", "replicas: 4") },
    { signal: signal() },
  );
  expect(await git(bare, "tag", "--list", "revisions/*")).toBe(
    "revisions/hello-universe/1.0.0/1\nrevisions/hello-universe/1.0.0/2",
  );
  expect(await git(bare, "rev-parse", "profiles/hello-universe/1.0.0^{commit}")).toBe(
    await git(bare, "rev-parse", "main"),
  );
});

test("a stale clone does not bring old tags back into a plan", async () => {
  const { bare, clone, repo } = await cloned();
  const other = join(await tempDir(), "other");
  await git(bare, "clone", "-q", bare, other);
  const text = await git(other, "show", `HEAD:${LAYER}`);
  await commitFiles(other, { [LAYER]: `${text.replace("replicas: 2", "replicas: 7")}\n` }, "Seven");
  await git(other, "push", "-q", "origin", "main");
  await release(await openTestRepository(bare), { signal: signal() });
  expect(await git(clone, "rev-parse", "profiles/hello-universe/1.0.0")).not.toBe(
    await git(bare, "rev-parse", "profiles/hello-universe/1.0.0"),
  );
  await createCluster(repo, CLUSTER, { signal: signal() });
  expect(
    (await repo.load(signal())).snapshot.clusters.get("dev")?.lock.profiles["hello-universe"]?.revision,
  ).toBe(2);
});

test("commits that were never pushed stop a command, and so do dirty touched files; other dirty files do not", async () => {
  const { clone, repo } = await cloned();
  await createCluster(repo, CLUSTER, { signal: signal() });
  await writeFiles(clone, { "README.md": "mine\n", "clusters/dev/cluster.yaml": "dirty\n" });
  expect(await codeOf(tagCluster(repo, { cluster: "dev", tags: ["a"] }, { signal: signal() }))).toBe(
    "dirty-files",
  );
  await git(clone, "checkout", "-q", "--", "clusters");
  await tagCluster(repo, { cluster: "dev", tags: ["a"] }, { signal: signal() });
  expect(await git(clone, "status", "--porcelain")).toBe("M README.md");
  await commitFiles(clone, {}, "Local only");
  expect(await codeOf(tagCluster(repo, { cluster: "dev", tags: ["b"] }, { signal: signal() }))).toBe(
    "unpushed-commits",
  );
});

test("a hook that says no is told with its words, and nothing moved", async () => {
  const { bare, clone, repo } = await cloned();
  await writeFiles(bare, { "hooks/pre-receive": "#!/bin/sh\necho 'main is protected' >&2\nexit 1\n" });
  await git(bare, "config", "core.hooksPath", join(bare, "hooks"));
  const { chmod } = await import("node:fs/promises");
  await chmod(join(bare, "hooks/pre-receive"), 0o755);
  const before = await git(clone, "rev-parse", "HEAD");
  const refused = createCluster(repo, CLUSTER, { signal: signal() });
  await expect(refused).rejects.toMatchObject({
    code: "push-refused",
    message: expect.stringContaining("main is protected"),
  });
  expect(await git(clone, "rev-parse", "HEAD")).toBe(before);
  expect(await git(clone, "status", "--porcelain")).toBe("");
});

test("a remote that is gone is unreachable, and says so", async () => {
  const { clone } = await cloned();
  await git(clone, "remote", "set-url", "origin", "/nowhere/at/all.git");
  const repo = await openTestRepository(clone);
  expect(await codeOf(createCluster(repo, CLUSTER, { signal: signal() }))).toBe("remote-unreachable");
});

test("a URL works without a clone", async () => {
  const { bare } = await cloned();
  const repo = await openTestRepository(`file://${bare}`);
  const result = await createCluster(repo, CLUSTER, { signal: signal() });
  expect(await git(bare, "rev-parse", "main")).toBe(result.commit);
});

test("a remote over HTTP is fetched, and pushed to at once", async () => {
  const { bare } = await cloned();
  const repo = await openTestRepository(await serveGit(bare));
  const result = await createCluster(repo, CLUSTER, { signal: signal() });
  expect(await git(bare, "rev-parse", "main")).toBe(result.commit);
  const layer = { ...V1, layer: "hello-universe" };
  const { text } = await readLayer(repo, layer, { signal: signal() });
  const edited = { ...layer, content: text.replace("replicas: 2", "replicas: 6") };
  await editLayer(repo, edited, { signal: signal() });
  expect(await git(bare, "tag", "--list", "revisions/*/1.0.0/2")).toBe("revisions/hello-universe/1.0.0/2");
  expect((await repo.load(signal())).versions.get("hello-universe")?.get("1.0.0")?.revisions).toHaveLength(2);
});

test("a password in a URL is in no message", async () => {
  const repo = await openTestRepository("http://ada:s3cret@127.0.0.1:1/fleet.git");
  const failed = await createCluster(repo, CLUSTER, { signal: signal() }).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: "remote-unreachable" });
  expect(JSON.stringify(failed) + String(failed)).not.toContain("s3cret");
});
