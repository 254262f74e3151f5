import { describe, expect, test } from "vitest";
import { createRenderer } from "../../engine/fleet/render-cluster.ts";
import { viewClusters } from "../../engine/fleet/cluster-views.ts";
import { checkState } from "../../engine/fleet/check-repository.ts";
import { viewRevisions } from "../../engine/fleet/profile-views.ts";
import {
  cloneProfile,
  createCluster,
  createVersion,
  deleteVersion,
  editLayer,
  readLayer,
  restoreVersion,
  rollbackCluster,
  tagCluster,
  useVersion,
} from "../../engine/actions/index.ts";
import { release } from "../../engine/repo/release.ts";
import { commitFiles, git, signal } from "../support/temp-git.ts";
import { freshRepository, LAYER, PROFILE } from "./fixture.ts";

describe("the life of a profile", () => {
  test("init commits, releases revision 1 and leaves a clean work tree", async () => {
    const { dir, repo } = await freshRepository();
    expect(await git(dir, "status", "--porcelain")).toBe("");
    expect(await git(dir, "tag")).toBe("profiles/hello-universe/1.0.0\nrevisions/hello-universe/1.0.0/1");
    const state = await repo.load(signal());
    expect(await checkState(repo.reader, state)).toEqual([]);
    expect((await release(repo, { signal: signal() })).released).toEqual([]);
  });

  test("versions, use, rollback: going back goes back", async () => {
    const { dir, repo } = await freshRepository();
    const options = { signal: signal() };
    await createCluster(
      repo,
      {
        name: "aws-cluster",
        connection: { context: "dev-1" },
        profiles: [{ profile: "hello-universe", version: "1.0.0" }],
        tags: [],
      },
      options,
    );
    await tagCluster(repo, { cluster: "aws-cluster", tags: ["service:hello-universe-frontend"] }, options);
    const first = (await repo.load(options.signal)).snapshot.clusters.get("aws-cluster")?.lock;
    await createVersion(repo, { profile: "hello-universe", version: "1.1.0" }, options);
    const { text } = await readLayer(
      repo,
      { profile: "hello-universe", version: "1.1.0", layer: "hello-universe" },
      options,
    );
    await editLayer(
      repo,
      {
        profile: "hello-universe",
        version: "1.1.0",
        layer: "hello-universe",
        content: text.replace(":1.0.0", ":1.1.0"),
      },
      options,
    );
    await useVersion(repo, { cluster: "aws-cluster", profile: "hello-universe", version: "1.1.0" }, options);
    expect(
      (await repo.load(options.signal)).snapshot.clusters.get("aws-cluster")?.lock.profiles["hello-universe"],
    ).toMatchObject({
      version: "1.1.0",
      revision: 2,
    });
    await rollbackCluster(repo, { cluster: "aws-cluster" }, options);
    const state = await repo.load(options.signal);
    expect(state.snapshot.clusters.get("aws-cluster")?.lock).toEqual(first);
    expect(state.snapshot.clusters.get("aws-cluster")?.cluster?.metadata.tags).toEqual([
      "service:hello-universe-frontend",
    ]);
    await rollbackCluster(repo, { cluster: "aws-cluster" }, options);
    expect(
      (await repo.load(options.signal)).snapshot.clusters.get("aws-cluster")?.lock.profiles["hello-universe"]
        ?.version,
    ).toBe("1.1.0");
    expect(await git(dir, "status", "--porcelain")).toBe("");
  });

  test("an edit of 1.0.0 while main carries 1.1.0 lands on its branch and leaves the cluster on revision 1", async () => {
    const { dir, repo } = await freshRepository();
    const options = { signal: signal() };
    const choice = { profile: "hello-universe", version: "1.0.0" };
    await createCluster(
      repo,
      { name: "aws-cluster", connection: { context: "dev-1" }, profiles: [choice], tags: [] },
      options,
    );
    await createVersion(repo, { profile: "hello-universe", version: "1.1.0" }, options);
    const { text } = await readLayer(repo, { ...choice, layer: "hello-universe" }, options);
    const edited = {
      ...choice,
      layer: "hello-universe",
      content: text.replace("replicas: 2", "replicas: 3"),
    };
    const result = await editLayer(repo, edited, options);
    expect(result.diff.split("\n").filter((line) => /^[+-][^+-]/.test(line))).toEqual([
      "-  replicas: 2",
      "+  replicas: 3",
    ]);
    expect(await git(dir, "branch", "--list", "versions/*")).toContain("versions/hello-universe/1.0.0");
    const state = await repo.load(options.signal);
    expect(viewRevisions(state, "hello-universe", "1.0.0").map((entry) => entry.number)).toEqual([2, 1]);
    const [view] = await viewClusters({ reader: repo.reader, renderer: createRenderer(repo.reader), state });
    expect(view?.profiles).toMatchObject([{ version: "1.0.0", revision: 1, updatesAvailable: true }]);
    await useVersion(repo, { cluster: "aws-cluster", ...choice, revision: 2 }, options);
    const after = await repo.load(options.signal);
    const [updated] = await viewClusters({
      reader: repo.reader,
      renderer: createRenderer(repo.reader),
      state: after,
    });
    expect(updated?.profiles).toMatchObject([{ version: "1.0.0", revision: 2, updatesAvailable: false }]);
    expect((await release(repo, options)).released).toEqual([]);
  });

  test("plain Git does the same: edit, commit, and the pass releases; a tag by hand is a revision", async () => {
    const { dir, repo } = await freshRepository();
    const options = { signal: signal() };
    const profile = await git(dir, "show", `HEAD:${PROFILE}`);
    await commitFiles(dir, { [PROFILE]: `${profile.replace("1.0.0", "1.1.0")}\n` }, "Make 1.1.0");
    const passed = await release(repo, options);
    expect(passed.released.map(({ version, number, source }) => ({ version, number, source }))).toEqual([
      { version: "1.1.0", number: 1, source: "refs/heads/main" },
    ]);
    await git(dir, "checkout", "-q", "-b", "fix", "profiles/hello-universe/1.0.0");
    const layer = await git(dir, "show", `HEAD:${LAYER}`);
    await commitFiles(dir, { [LAYER]: `${layer.replace("replicas: 2", "replicas: 5")}\n` }, "Five replicas");
    await git(dir, "tag", "-f", "profiles/hello-universe/1.0.0");
    const second = await release(repo, options);
    expect(second.released).toMatchObject([{ version: "1.0.0", number: 2, source: "tag" }]);
    expect(viewRevisions(await repo.load(options.signal), "hello-universe", "1.0.0")[0]).toMatchObject({
      message: "Five replicas",
      author: "Ada Example <ada@example.com>",
    });
    expect((await release(repo, options)).released).toEqual([]);
  });

  test("a tag by hand and another content on the version's branch, in one push, are two revisions; the tag stands for the second", async () => {
    const { dir, repo } = await freshRepository();
    const options = { signal: signal() };
    const layer = await git(dir, "show", `HEAD:${LAYER}`);
    const withReplicas = (count: number) => `${layer.replace("replicas: 2", `replicas: ${count}`)}\n`;
    await git(dir, "checkout", "-q", "-b", "fix");
    await commitFiles(dir, { [LAYER]: withReplicas(5) }, "Five replicas");
    await git(dir, "tag", "-f", "profiles/hello-universe/1.0.0");
    await git(dir, "checkout", "-q", "-b", "versions/hello-universe/1.0.0");
    const commit = await commitFiles(dir, { [LAYER]: withReplicas(7) }, "Seven replicas");
    const { released } = await release(repo, options);
    expect(released.map(({ number, source }) => ({ number, source }))).toEqual([
      { number: 2, source: "tag" },
      { number: 3, source: "refs/heads/versions/hello-universe/1.0.0" },
    ]);
    expect(await git(dir, "rev-parse", "profiles/hello-universe/1.0.0")).toBe(commit);
    expect((await release(repo, options)).released).toEqual([]);
  });

  test("clone, delete, restore", async () => {
    const { repo } = await freshRepository();
    const options = { signal: signal() };
    await cloneProfile(
      repo,
      { source: { profile: "hello-universe", version: "1.0.0" }, name: "hello-universe-api" },
      options,
    );
    const cloned = await repo.load(options.signal);
    expect(cloned.versions.get("hello-universe-api")?.get("1.0.0")?.revisions).toHaveLength(1);
    await deleteVersion(repo, { profile: "hello-universe-api" }, options);
    const gone = await repo.load(options.signal);
    expect(gone.snapshot.profiles.has("hello-universe-api")).toBe(false);
    expect(viewRevisions(gone, "hello-universe-api").map((entry) => entry.event)).toEqual([
      "deleted",
      "released",
    ]);
    await restoreVersion(repo, { profile: "hello-universe-api", version: "1.0.0" }, options);
    expect(viewRevisions(await repo.load(options.signal), "hello-universe-api")[0]).toMatchObject({
      event: "restored",
      current: true,
    });
  });
});
